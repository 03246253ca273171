import { readdir, readFile, readlink, rename, symlink, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { chains } from "../support/cli.ts";
import { makeProject } from "../support/project.ts";

const CONFIG = `# My model.
model_name: demo # keep me
model_cache:
  - repo_id: org/model
    revision: main
    use_volume: true
    volume_folder: model # where
docker_server:
  start_command: sh -c "truss-transfer-cli && serve"
  server_port: 8000
  predict_endpoint: /p
  readiness_endpoint: /h
  liveness_endpoint: /h
`;

const SOURCE = `import { Assets, ModelRepo } from "truss-chains";
new Assets({ cached: [new ModelRepo({ repoId: "o/r", revision: "main", useVolume: true, volumeFolder: "m" })] });
`;

const MIGRATED_ENTRY = "source: hf://org/model@main";
const text = (path: string): Promise<string> => readFile(path, "utf8");

describe("chains migrate", () => {
  test("shows the change and writes nothing without a terminal to ask on", async () => {
    const project = await makeProject({ "config.yaml": CONFIG });
    const { code, stdout, stderr } = await chains(["migrate"], { cwd: project.root });
    expect(code).toBe(2);
    expect(stdout).toContain("--- config.yaml (original)");
    expect(stdout).toContain("-model_cache:");
    expect(stderr).toContain("--yes");
    expect(await text(project.path("config.yaml"))).toBe(CONFIG);
  });

  test("--dry-run is content with showing", async () => {
    const project = await makeProject({ "config.yaml": CONFIG });
    const { code } = await chains(["migrate", "--dry-run"], { cwd: project.root });
    expect(code).toBe(0);
    expect(await readdir(project.root)).toEqual(["config.yaml", "node_modules"]);
  });

  test("--yes writes, keeps comments, and never overwrites an earlier backup", async () => {
    const project = await makeProject({ "config.yaml": CONFIG, "config.yaml.bak": "an earlier one" });
    const { code, stderr } = await chains(["migrate", ".", "--yes"], { cwd: project.root });
    expect(code, stderr).toBe(0);
    const after = await text(project.path("config.yaml"));
    expect(after).toContain("# keep me");
    expect(after).toContain(MIGRATED_ENTRY);
    expect(after).not.toContain("truss-transfer-cli");
    expect(await text(project.path("config.yaml.bak"))).toBe("an earlier one");
    expect(await text(project.path("config.yaml.bak.1"))).toBe(CONFIG);
    expect(stderr).toContain("config.yaml.bak.1");
    const again = await chains(["migrate", "--yes"], { cwd: project.root });
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("already uses weights");
  });

  test("names the lines of the model's code that have to change", async () => {
    const project = await makeProject({
      "config.yaml": "model_cache:\n  - repo_id: org/model\n    use_volume: false\n",
      "model/model.py": 'import x\npath = "/root/.cache/huggingface/hub/models--org--model"\n',
    });
    const { stdout } = await chains(["migrate", "--dry-run", "--json"], { cwd: project.root });
    const [file] = JSON.parse(stdout).files;
    expect(file).toMatchObject({ changed: true, written: false });
    expect(file.lines).toMatchObject([{ line: 2, advice: "Use /app/model_cache/org_model." }]);
  });

  test("takes a directory of many trusses; a broken one stops it before anything is written", async () => {
    const project = await makeProject({
      "a/config.yaml": CONFIG,
      "deep/b/config.yaml": "model_name: nothing to do\n",
      "deep/c/config.yaml": CONFIG,
    });
    const { stdout } = await chains(["migrate", project.root, "--yes", "--json"]);
    expect(JSON.parse(stdout).files.map(({ changed }: { changed: boolean }) => changed)).toEqual([
      true,
      false,
      true,
    ]);
    expect(await text(project.path("deep/c/config.yaml"))).toContain(MIGRATED_ENTRY);

    const broken = await makeProject({
      "a/config.yaml": CONFIG,
      "b/config.yaml": "model_cache: [{repo_id: 3}]\n",
    });
    const failed = await chains(["migrate", broken.root, "--yes"]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("b/config.yaml");
    expect(await text(broken.path("a/config.yaml"))).toBe(CONFIG);
  });

  test("tells which files were written when a later one cannot be", async () => {
    const project = await makeProject({ "a/config.yaml": CONFIG, "b/config.yaml": CONFIG });
    // Beside a file with the longest of names, no temporary one can be.
    const long = "c".repeat(255 - "yaml".length - 1);
    await rename(project.path("b", "config.yaml"), project.path("b", `${long}.yaml`));
    await symlink(`${long}.yaml`, project.path("b", "config.yaml"));
    const { code, stderr } = await chains(["migrate", project.root, "--yes"], { cwd: project.root });
    expect(code).toBe(1);
    expect(stderr).toContain("the original is a/config.yaml.bak");
    expect(stderr).toContain("FILE_NOT_WRITABLE");
    expect(await text(project.path("b", "config.yaml"))).toBe(CONFIG);
  });

  test("migrates a chain's source", async () => {
    const project = await makeProject({ "chain.ts": SOURCE });
    expect((await chains(["migrate", "chain.ts", "--yes"], { cwd: project.root })).code).toBe(0);
    expect(await text(project.path("chain.ts"))).toContain('source: "hf://o/r@main"');
    expect(await text(project.path("chain.ts.bak"))).toBe(SOURCE);
  });

  test.each(["config.yaml", "chain.ts"])(
    "a %s that is not UTF-8 is refused, and stays as it is",
    async (name) => {
      const project = await makeProject({});
      const comment = name.endsWith(".ts") ? "// caf\xe9\n" : "# caf\xe9\n";
      const bytes = Buffer.from(`${comment}${name.endsWith(".ts") ? SOURCE : CONFIG}`, "latin1");
      await writeFile(project.path(name), bytes);
      const { code, stderr } = await chains(["migrate", name, "--yes"], { cwd: project.root });
      expect(code).toBe(1);
      expect(stderr).toContain(`${name} is not UTF-8 text.`);
      expect(await readFile(project.path(name))).toEqual(bytes);
    },
  );

  test("a config.yaml that is a link stays one; what only looks like a source of the model is left alone", async () => {
    const project = await makeProject({ "shared.yaml": CONFIG, "truss/model/module.py/data": "no source" });
    await symlink("../shared.yaml", project.path("truss/config.yaml"));
    const { code, stderr } = await chains(["migrate", "truss", "--yes"], { cwd: project.root });
    expect(code, stderr).toBe(0);
    expect(await readlink(project.path("truss/config.yaml"))).toBe("../shared.yaml");
    expect(await text(project.path("shared.yaml"))).toContain(MIGRATED_ENTRY);
  });

  test("a directory without a truss is told", async () => {
    const project = await makeProject({});
    const { code, stderr } = await chains(["migrate", "--yes"], { cwd: project.root });
    expect(code).toBe(1);
    expect(stderr).toContain("CONFIG_NOT_FOUND");
  });
});
