import { mkdir, readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { chains } from "../support/cli.ts";
import { IMPORTS, makeProject } from "../support/project.ts";
import { FakeHub } from "../weights/support/hub.ts";

const COMMIT = "c".repeat(40);
const CHAIN = `${IMPORTS}
const MODEL = new ModelRepo({ repoId: "owner/repo", revision: "main", useVolume: true, volumeFolder: "model" });
@markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ cached: [MODEL] }) }) })
export class Main extends ChainletBase { @endpoint() async runRemote() {} }
`;

async function setUp() {
  const hub = await FakeHub.start();
  const files = { "config.json": Buffer.from("{}"), "model.bin": Buffer.alloc(2000, 7) };
  hub.repos.set("owner/repo", { commit: COMMIT, branches: ["main"], files });
  const project = await makeProject({ "chain.ts": CHAIN });
  const env = { HF_ENDPOINT: hub.url, CHAINS_TRANSFER_STATS_FILE: project.path("stats.json") };
  const run = (...args: string[]) => chains(["weights", ...args], { cwd: project.root, env });
  return { project, run, env };
}

test("plan, pull and verify show the weights of a chain, fetch them, and notice damage", async () => {
  const { project, run } = await setUp();
  const plan = await run("plan", "chain.ts");
  expect(plan.stderr).not.toContain("error");
  expect(plan.stdout).toContain("hf://owner/repo@main");
  expect(plan.stdout).toContain("not pinned");
  expect(plan.stdout).toContain("2 files, 2.0 kB");

  expect((await run("pull", "chain.ts", "--dir", "w")).code).toBe(0);
  expect(await readFile(project.path("w/model/config.json"), "utf8")).toBe("{}");
  expect((await run("verify", "chain.ts", "--dir", "w")).code).toBe(0);

  await writeFile(project.path("w/model/model.bin"), Buffer.alloc(2000, 8));
  const damaged = await run("verify", "chain.ts", "--dir", "w");
  expect(damaged.code).toBe(1);
  expect(damaged.stdout).toMatch(/model\.bin\s+wrong-content/);
});

test("pull --json tells a failure with its code and its file, and exits with it", async () => {
  const { project, run } = await setUp();
  await mkdir(project.path("w/model/config.json"), { recursive: true });
  const { code, stdout } = await run("pull", "chain.ts", "--dir", "w", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: "WEIGHTS_UNSAFE_PATH",
    message: expect.stringContaining("is a directory"),
    fix: expect.any(String),
    location: { file: project.path("w/model/config.json") },
  });
});

test("pin writes the commit into the source, and every file into chains.lock", async () => {
  const { project, run, env } = await setUp();
  const { code, stdout } = await run("pin", "chain.ts");
  expect(code).toBe(0);
  expect(stdout).toContain(COMMIT);
  expect(await readFile(project.path("chain.ts"), "utf8")).toBe(CHAIN.replace('"main"', `"${COMMIT}"`));
  const lock = JSON.parse(await readFile(project.path("chains.lock"), "utf8"));
  expect(lock.sources[0]).toMatchObject({ revision: COMMIT });
  expect(lock.sources[0].files.map(({ path }: { path: string }) => path)).toEqual([
    "config.json",
    "model.bin",
  ]);
  expect((await run("pin", "chain.ts")).stdout).toContain("pinned already");

  const build = () => chains(["build", "chain.ts", "--out", "build", "--frozen"], { cwd: project.root, env });
  expect((await build()).code).toBe(0);
  await writeFile(project.path("chains.lock"), JSON.stringify({ ...lock, sources: [] }));
  const drifted = await build();
  expect(drifted.code).toBe(1);
  expect(drifted.stderr).toContain("LOCKFILE_DRIFT");
});

test("pin locks a branch that stands in a constant as it is written, and says that it is not pinned", async () => {
  const { project, run, env } = await setUp();
  const chain = CHAIN.replace("const MODEL", 'const BRANCH = "main";\nconst MODEL').replace(
    'revision: "main"',
    "revision: BRANCH",
  );
  await project.write({ "chain.ts": chain });
  const { code, stdout, stderr } = await run("pin", "chain.ts");
  expect(code).toBe(0);
  expect(stdout).toContain("Nothing could be pinned");
  expect(stderr).toContain(`hf://owner/repo@main is locked and not pinned`);
  expect(await readFile(project.path("chain.ts"), "utf8")).toBe(chain);
  const build = await chains(["build", "chain.ts", "--out", "build", "--frozen"], { cwd: project.root, env });
  expect(build).toMatchObject({ code: 0 });
});

test("pin changes nothing when one of the sources cannot be read", async () => {
  const { project, run } = await setUp();
  const chain = CHAIN.replace(
    "const MODEL",
    'const OTHER = new ModelRepo({ repoId: "owner/none", revision: "main", useVolume: true, volumeFolder: "o" });\nconst MODEL',
  ).replace("[MODEL]", "[MODEL, OTHER]");
  await project.write({ "chain.ts": chain });
  expect((await run("pin", "chain.ts")).code).not.toBe(0);
  expect(await readFile(project.path("chain.ts"), "utf8")).toBe(chain);
});

test("a repository that cannot be read is told in the plan, and fails it", async () => {
  const { project, run } = await setUp();
  await project.write({ "chain.ts": CHAIN.replace("owner/repo", "owner/nowhere") });
  const { code, stdout } = await run("plan", "chain.ts", "--json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout).sources[0].error.code).toBeTruthy();
});

test("a chain without weights is said to name none", async () => {
  const { project, run } = await setUp();
  await project.write({ "chain.ts": CHAIN.replace("cached: [MODEL]", "cached: []") });
  const { code, stdout } = await run("plan", "chain.ts");
  expect([code, stdout]).toEqual([0, "chain.ts names no weights.\n"]);
});
