// What the documentation shows compiles, and names every rule.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { authoring } from "../../packages/errors/src/catalogue/authoring.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "chains-docs-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** The ` ```ts ` blocks of a document. One that has a name after `ts` can be imported by the others. */
function codeBlocks(markdown: string): { name: string; code: string }[] {
  const blocks = [...markdown.matchAll(/^```ts(?: (\S+))?\n([\s\S]*?)^```$/gm)];
  return blocks.map(([, name, code], index) => ({ name: name ?? `block-${index + 1}.ts`, code: code! }));
}

async function documents(): Promise<string[]> {
  const packages = (await readdir(join(repository, "packages"))).map((name) => `packages/${name}/README.md`);
  const docs = (await readdir(join(repository, "docs"))).filter((name) => name.endsWith(".md"));
  const root = (await readdir(repository)).filter((name) => name === "README.md");
  return [...root, ...docs.map((name) => `docs/${name}`), ...packages];
}

/** Writes the blocks of all documents into a project, a folder for each document. */
async function writeProject(): Promise<void> {
  const authoringPage = await readFile(join(repository, "docs/authoring.md"), "utf8");
  const chain = codeBlocks(authoringPage).find(({ name }) => name === "chain.ts")!;
  for (const path of await documents()) {
    // A page that shows no chain of its own means the one of the page on authoring.
    const blocks = [chain, ...codeBlocks(await readFile(join(repository, path), "utf8"))];
    const folder = join(directory, path.replaceAll(/[/.]/g, "-"));
    await mkdir(folder);
    for (const { name, code } of blocks) await writeFile(join(folder, name), code);
  }
  const project = {
    extends: join(repository, "packages/truss-chains/src/user-tsconfig.json"),
    include: ["**/*.ts"],
  };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(project));
  await writeFile(join(directory, "package.json"), '{ "type": "module" }');
  await symlink(join(repository, "node_modules"), join(directory, "node_modules"));
}

/** What one of our tools says of the project, whether it is content or not. */
async function said(tool: string, ...args: string[]): Promise<string> {
  const program = join(repository, "node_modules", tool);
  const env = { ...process.env, NO_COLOR: "1" };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args], {
    cwd: directory,
    env,
  }).catch((failure: { stdout: string; stderr: string }) => failure);
  return stdout + stderr;
}

test("every TypeScript block of the documentation compiles", async () => {
  await writeProject();
  expect(await said("typescript/bin/tsc", "-p", directory, "--pretty", "false")).toBe("");
});

test("the tests that the documentation shows pass, with the configuration that it shows", async () => {
  await writeProject();
  const config = join(directory, "docs-building-md/vitest.config.ts");
  const shown = (await documents()).map((path) => readFile(join(repository, path), "utf8"));
  const names = (await Promise.all(shown)).flatMap(codeBlocks).map(({ name }) => name);
  const count = names.filter((name) => name.endsWith(".test.ts")).length;
  expect(count).toBeGreaterThan(4);
  const report = await said("vitest/vitest.mjs", "run", "--root", directory, "--config", config);
  expect(report).toContain(`Test Files  ${count} passed (${count})`);
});

test("the page on authoring names the code of every rule", async () => {
  const page = await readFile(join(repository, "docs/authoring.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code!);
  expect(rows.sort()).toEqual(Object.keys(authoring).sort());
});

test("editors explain every option that a person may write", async () => {
  const folder = join(repository, "packages/core/src/options");
  const sources = (await readdir(folder)).filter((name) => name.endsWith(".ts"));
  const options: string[] = [];
  const unexplained: string[] = [];
  for (const name of sources) {
    const text = await readFile(join(folder, name), "utf8");
    for (const [, type, body] of text.matchAll(/^export interface (\w+Init) \{\n([\s\S]*?)^\}/gm)) {
      const lines = body!.split("\n");
      for (const [index, line] of lines.entries()) {
        const option = /^ {2}readonly (\w+)/.exec(line)?.[1];
        if (option === undefined) continue;
        options.push(option);
        if (!lines[index - 1]?.endsWith("*/")) unexplained.push(`${type}.${option}`);
      }
    }
  }
  expect(options.length).toBeGreaterThan(40);
  expect(unexplained).toEqual([]);
});
