import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { userFrames } from "./user-frames.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "user-frames-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

// Line 3 of the bundle stands for line 12 of src/chain.ts.
const SOURCE = Array.from({ length: 20 }, (_, index) =>
  index === 11 ? "    throw new Error(reason);" : `// ${index}`,
).join("\n");
const MAP = {
  version: 3,
  sources: ["../src/chain.ts"],
  sourcesContent: [SOURCE],
  names: [],
  mappings: ";;AAWI",
};

const LINES = [
  "export const chainlet = {",
  "  async runRemote() {",
  'throw new Error("broken");',
  "  },",
  "};",
];

/** An error with the stack that Node gives it when the third line of the bundle throws. */
async function errorFromBundle(comment: string): Promise<Error> {
  const file = join(directory, "server.mjs");
  await writeFile(file, [...LINES, comment, ""].join("\n"));
  const error = new Error("broken");
  error.stack = `Error: broken
    at Search.runRemote (${pathToFileURL(file)}:3:7)
    at async serveEndpoint (${pathToFileURL(file)}:9:1)`;
  return error;
}

test("frames show the file and line that the user wrote", async () => {
  await writeFile(join(directory, "server.mjs.map"), JSON.stringify(MAP));
  const error = await errorFromBundle("//# sourceMappingURL=server.mjs.map");
  expect(await userFrames(error)).toEqual([
    {
      filename: join(directory, "../src/chain.ts"),
      lineno: 12,
      name: "Search.runRemote",
      line: "throw new Error(reason);",
    },
  ]);
});

test("a source map inside the file works too", async () => {
  const data = Buffer.from(JSON.stringify(MAP)).toString("base64");
  const error = await errorFromBundle(`//# sourceMappingURL=data:application/json;base64,${data}`);
  expect((await userFrames(error))[0]?.lineno).toBe(12);
});

test("without a source map, frames show the file that runs", async () => {
  const error = await errorFromBundle("");
  expect(await userFrames(error)).toEqual([
    {
      filename: join(directory, "server.mjs"),
      lineno: 3,
      name: "Search.runRemote",
      line: 'throw new Error("broken");',
    },
  ]);
});

test("frames of libraries, of Node, of the runtime and of the stub are left out", async () => {
  const error = new Error("x");
  error.stack = `Error: x
    at async ChainletStub.runRemote (/app/server.mjs:1:1)
    at async Search.runRemote (/app/chain.mjs:5:3)
    at node:internal/process/task_queues:95:5
    at helper (/app/node_modules/lib/index.js:9:9)
    at validate (/app/data/server-runtime/runtime.js:1:1234)
    at async main (/app/main.mjs:2:2)
    at async serveEndpoint (/app/server.mjs:7:7)
    at async handle (/app/server.mjs:8:8)`;
  const names = (await userFrames(error)).map(({ name }) => name);
  expect(names).toEqual(["main", "Search.runRemote"]);
});

test("a client cannot have a file read by writing a call into a message", async () => {
  const file = join(directory, "secret.js");
  await writeFile(file, "the secret\n");
  const text = `\n    at y (${file}:1:1)\n`;
  const frames = await userFrames(new Error(`There is no document ${text}.`));
  expect(JSON.stringify(frames)).not.toContain("secret.js");
});

test("a file that is no regular one is not read", async () => {
  const error = new Error("x");
  await mkdir(join(directory, "folder.js"));
  error.stack = `Error: x\n    at f (${join(directory, "folder.js")}:1:1)`;
  expect(await userFrames(error)).toMatchObject([{ name: "f", line: null }]);
});

test("a line of a bundle that is all in one line is not shown", async () => {
  const error = new Error("x");
  await writeFile(join(directory, "all.js"), `throw 1;${"//".repeat(1000)}`);
  error.stack = `Error: x\n    at f (${join(directory, "all.js")}:1:1)`;
  expect(await userFrames(error)).toMatchObject([{ name: "f", lineno: 1, line: null }]);
});

test("a value without a stack has no frames", async () => {
  expect(await userFrames("text")).toEqual([]);
});
