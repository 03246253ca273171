import colors from "picocolors";
import { expect, test } from "vitest";
import { logLine } from "./log-line.ts";

const plain = colors.createColors(false);

test.each([
  ['{"level":"info","msg":"Thumb is ready on port 41799.","port":41799}', "is ready on port 41799."],
  ['{"level":"error","msg":"Thumb.runRemote failed.","id":"r1"}', "Thumb.runRemote failed. id=r1"],
  ['{"level":"info","msg":"Thumbs up","n":4,"of":{"a":1}}', 'Thumbs up n=4 of={"a":1}'],
  [
    '{"level":"warn","msg":"Again.","reason":"first\\nsecond","n":1}',
    "Again. n=1\n  reason: first\n  second",
  ],
  [
    '{"level":"fatal","msg":"Thumb did not start. No nail. Buy one. (at Thumb.constructor)","code":"NO_NAIL","fix":"Buy one.","location":{"className":"Thumb","member":"constructor"}}',
    "did not start. No nail. Buy one. (at Thumb.constructor) code=NO_NAIL",
  ],
  ["{not JSON", "{not JSON"],
])("below the name Thumb, %s is %s", (line, shown) => {
  expect(logLine(line, plain, "Thumb")).toBe(shown);
});

test("an error stands below its line, with the places in the chain's code and each reason once", () => {
  const stack = [
    "ChainsError: Leaf said no",
    "    at ofDependency (/tmp/dev/Root/data/server-runtime/runtime.js:4)",
    `    at Root.runRemote (${process.cwd()}/chain.ts:21)`,
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "caused by: RemoteError: Leaf said no",
    "    at fromErrorResponse (/tmp/dev/Root/data/server-runtime/runtime.js:4:714)",
    "caused by: RangeError: a is large",
    "    at Leaf.runRemote (/elsewhere/leaf.ts:8)",
  ].join("\n");
  const line = JSON.stringify({ level: "error", msg: "Root.runRemote failed.", id: "r1", err: { stack } });
  expect(logLine(line, plain, "Root").split("\n")).toEqual([
    "Root.runRemote failed. id=r1",
    "  ChainsError: Leaf said no",
    "      at Root.runRemote (chain.ts:21)",
    "  caused by: RangeError: a is large",
    "      at Leaf.runRemote (/elsewhere/leaf.ts:8)",
  ]);
});
