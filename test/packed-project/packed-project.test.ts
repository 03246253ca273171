import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { env, PackedProject, repository } from "./project.ts";

let project: PackedProject;

beforeAll(async () => {
  project = await PackedProject.create();
}, 300_000);

afterAll(() => project?.remove());

test("no package of ours has a script that runs when it is installed", async () => {
  const lock = JSON.parse(await project.read("package-lock.json")) as {
    packages: Record<string, { hasInstallScript?: boolean; resolved?: string }>;
  };
  for (const { name } of project.packed) {
    const { hasInstallScript, resolved } = lock.packages[`node_modules/${name}`]!;
    expect(resolved, name).toMatch(/\.tgz$/);
    expect(hasInstallScript, name).toBeUndefined();
  }
});

test("packages hold what users need, and no tests", () => {
  for (const { name, files } of project.packed) {
    expect(
      files.filter((file) => /\.test(-d)?\.|tsbuildinfo|fixtures/.test(file)),
      name,
    ).toEqual([]);
    expect(files, name).toEqual(expect.arrayContaining(["README.md", "package.json"]));
  }
});

test("the new project's own tests pass", async () => {
  expect(await project.run("npm", ["test"])).toMatch(/2 passed/);
});

test.each([
  ["TypeScript 5.9", "typescript-5.9"],
  ["TypeScript 6", "typescript-6"],
  ["TypeScript 7", "typescript"],
])("the new project compiles with %s", async (_, compiler) => {
  const tsc = join(repository, "node_modules", compiler, "bin/tsc");
  expect(await project.run(process.execPath, [tsc, "--noEmit"])).toBe("");
});

test("npm run check looks at the types and the chain, of files in folders too", async () => {
  expect(await project.run("npm", ["run", "check"])).toContain("Hello (2 chainlets) is valid");
  await project.write("src/extra.ts", "export const wrong: number = true;\n");
  await expect(project.run("npm", ["run", "check"])).rejects.toThrow();
  await project.write("src/extra.ts", "export const right = true;\n");
});

test("chains check finds nothing wrong", async () => {
  const result = JSON.parse(await project.chains("check", "chain.ts", "--json"));
  expect(result).toMatchObject({ problems: [] });
});

test("chains run prints the result", async () => {
  const result = await project.chains("run", "chain.ts", "--input", '{"names": ["Ada", "Alan"]}');
  expect(JSON.parse(result)).toBe("Hello Ada! Hello Alan!");
});

test("chains build emits a truss for each chainlet", async () => {
  await project.chains("build", "chain.ts", "--out", "build");
  for (const name of ["Greeter", "Hello"]) {
    expect(await project.read(`build/${name}/config.yaml`)).toContain(`model_name: ${name}`);
    expect(await project.read(`build/${name}/data/server.mjs`)).not.toContain(project.directory);
  }
});

test("chains dev serves the chain over HTTP until it is interrupted", async () => {
  const bin = join(project.directory, "node_modules/.bin/chains");
  const dev = spawn(bin, ["dev", "chain.ts", "--json", "--no-watch"], {
    cwd: project.directory,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const { url } = await firstDocument(dev);
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ names: ["Ada"] }),
    });
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: "Hello Ada!" });
    dev.kill("SIGINT");
    const [code] = await once(dev, "exit");
    expect([0, 130]).toContain(code);
    await expect(fetch(url)).rejects.toThrow();
  } finally {
    dev.kill("SIGKILL");
  }
});

/** The JSON document that a process prints; what it said on stderr when it ends without one. */
async function firstDocument(child: ChildProcess): Promise<{ url: string }> {
  let [out, err] = ["", ""];
  child.stderr!.on("data", (chunk) => {
    err += chunk;
  });
  for await (const chunk of child.stdout!) {
    out += chunk;
    try {
      return JSON.parse(out);
    } catch {
      // Not all of it yet.
    }
  }
  throw new Error(`chains dev ended without printing an address:\n${out}${err}`);
}
