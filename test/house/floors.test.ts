import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBreaches, readTable } from "../../.ci/floors.mjs";

const TABLE = [
  "| floor | package | what it is | may import (ours) |",
  "|---|---|---|---|",
  "| 2 | `@truss-chains/cli` | the command | all below |",
  "| 1 | `@truss-chains/core` | what a person writes | errors |",
  "| 1 | `@truss-chains/weights` | models | errors |",
  "| 0 | `@truss-chains/errors` | one error class | |",
];
const PACKAGES = ["cli", "core", "weights", "errors"];

let root: string;

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "chains-floors-"));
  await put("CONTRIBUTING.md", TABLE.join("\n"));
  for (const name of PACKAGES) {
    await put(`packages/${name}/package.json`, JSON.stringify({ name: `@truss-chains/${name}` }));
    await put(`packages/${name}/README.md`, "");
    await put(`packages/${name}/LICENSE`, "");
    await put(`packages/${name}/tsconfig.json`, "{}");
    await put(`packages/${name}/src/index.ts`, "export {};\n");
  }
});

afterEach(() => rm(root, { recursive: true, force: true }));

test("a house in order has no breaches", async () => {
  await put("packages/core/src/index.ts", 'import { x } from "@truss-chains/errors";\nexport { x };\n');
  await put(
    "packages/cli/src/index.ts",
    'const core = await import("@truss-chains/core");\nexport { core };\n',
  );
  await put("packages/core/dist/index.js", "");
  expect(findBreaches(root)).toEqual([]);
});

test("the table says who may import whom", () => {
  const house = readTable(TABLE.join("\n"));
  expect([...house.get("@truss-chains/cli")!.mayImport]).toEqual([
    "@truss-chains/core",
    "@truss-chains/weights",
    "@truss-chains/errors",
  ]);
  expect([...house.get("@truss-chains/errors")!.mayImport]).toEqual([]);
});

test.each([
  ["an import upward", 'import { x } from "@truss-chains/cli";', /index\.ts:1: .*imports upward/],
  ["a type-only import upward", 'import type { X } from "@truss-chains/cli";', /imports upward/],
  ["an import sideways", '\nimport { x } from "@truss-chains/weights";', /index\.ts:2: .*imports sideways/],
  ["an import() sideways", 'await import("@truss-chains/weights");', /imports sideways/],
  ["a re-export sideways", 'export { x } from "@truss-chains/weights/part";', /imports sideways/],
  ["a relative import across packages", 'import "../../errors/src/index.ts";', /leaves the package/],
  ["export *", 'export * from "./other.ts";', /hides the public surface/],
])("%s is found", async (_, code, breach) => {
  await put("packages/core/src/index.ts", code);
  expect(findBreaches(root)).toEqual([expect.stringMatching(breach)]);
});

test("only types may cross sideways", async () => {
  await put(
    "packages/core/src/index.ts",
    'import type { X } from "@truss-chains/weights";\nexport type { X };\n',
  );
  expect(findBreaches(root)).toEqual([]);
});

test("a dependency that the table does not allow is found, a devDependency is not", async () => {
  const name = "@truss-chains/core";
  await put(
    "packages/core/package.json",
    JSON.stringify({ name, dependencies: { "@truss-chains/weights": "1", zod: "4" } }),
  );
  await put(
    "packages/weights/package.json",
    JSON.stringify({ name: "@truss-chains/weights", devDependencies: { "@truss-chains/cli": "1" } }),
  );
  expect(findBreaches(root)).toEqual([
    expect.stringContaining("@truss-chains/core may not depend on @truss-chains/weights"),
  ]);
});

test("a package folder holds nothing but its five entries", async () => {
  await put("packages/core/vitest.config.ts", "");
  await rm(join(root, "packages/core/README.md"));
  expect(findBreaches(root)).toEqual([
    expect.stringContaining("has no README.md"),
    expect.stringContaining("vitest.config.ts does not belong here"),
  ]);
});

test("a package that the table does not name, and a row without a package, are found", async () => {
  await put("packages/weights/package.json", JSON.stringify({ name: "@truss-chains/models" }));
  expect(findBreaches(root)).toEqual([
    expect.stringContaining("@truss-chains/models is not in the table"),
    expect.stringContaining("@truss-chains/weights has no folder"),
  ]);
});

test("a table that breaks its own rule is found", async () => {
  const broken = TABLE.join("\n").replace("what a person writes | errors", "what a person writes | weights");
  await put("CONTRIBUTING.md", broken);
  expect(findBreaches(root)).toEqual([expect.stringContaining("not on a lower floor")]);
});
