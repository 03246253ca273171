import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stackFrames } from "./stack-frames.ts";

const HERE = fileURLToPath(import.meta.url);
const filesOf = (error: Error) => [...new Set(stackFrames(error).map(({ file }) => file))];

function withStack(message: string, stack: string): Error {
  return Object.assign(new Error(message), { stack });
}

describe("the calls of a stack", () => {
  test("are read in every form that V8 writes them in", () => {
    const error = withStack(
      "broken",
      `Error: broken
    at Search.runRemote [as run] (file:///app/a%20b.mjs:3:7)
    at async main (/app/main (copy).ts:12:34)
    at /app/plain.cjs:5:6
    at async Promise.all (index 0)
    at Array.map (<anonymous>)
    at new Index (/app/index.tsx:1:2)
    at eval (eval at f (/app/x.js:1:1), <anonymous>:1:1)
    at node:internal/process/task_queues:95:5
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`,
    );
    expect(stackFrames(error)).toEqual([
      { name: "Search.runRemote", file: "/app/a b.mjs", line: 3, column: 7 },
      { name: "main", file: "/app/main (copy).ts", line: 12, column: 34 },
      { name: "<anonymous>", file: "/app/plain.cjs", line: 5, column: 6 },
      { name: "new Index", file: "/app/index.tsx", line: 1, column: 2 },
    ]);
  });

  test("are found after a message of several lines, and after none", () => {
    expect(filesOf(new TypeError("first\n\nsecond: third\n"))).toContain(HERE);
    expect(filesOf(withStack("", "Error\n    at f (/app/a.js:1:1)"))).toEqual(["/app/a.js"]);
  });

  test("are found whatever name the error's class has", () => {
    class OutOfStock extends Error {
      override readonly name = "Out of stock";
    }
    const coded = new TypeError("x");
    coded.name = "TypeError [ERR_X]";
    expect(filesOf(new OutOfStock("x"))).toContain(HERE);
    expect(filesOf(coded)).toContain(HERE);
  });

  test("are not searched for in what was added to a stack", () => {
    const error = withStack(
      "x",
      "Error: x\n    at f (/app/a.js:1:1)\nCaused by: y\n    at g (/app/b.js:1:1)",
    );
    expect(filesOf(error)).toEqual(["/app/a.js"]);
  });
});

describe("words of a client in a message", () => {
  const call = fc.constantFrom("\n    at y (/app/evil.js:1:1)", "\n    at /app/evil.js:1:1", "\n    at ");
  const words = fc.array(fc.oneof(call, fc.constantFrom("\n", ": ", "Error", " ("), fc.string()));
  const text = words.map((parts) => parts.join(""));

  test("never make a call", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const message = `${before}\n    at y (/app/evil.js:1:1)${after}`;
        expect(filesOf(new Error(message))).not.toContain("/app/evil.js");
      }),
    );
  });

  test("never make a call when the message is changed after the stack was written", () => {
    fc.assert(
      fc.property(text, (message) => {
        const error = new Error(`There is no document ${message}\n    at y (/app/evil.js:1:1)`);
        expect(error.stack).toContain("evil");
        error.message = "Cannot search.";
        expect(filesOf(error)).not.toContain("/app/evil.js");
        error.message = "";
        expect(filesOf(error)).not.toContain("/app/evil.js");
      }),
    );
  });

  test("never make a call in an error without a name", () => {
    fc.assert(
      fc.property(text, (message) => {
        const error = new Error(`${message}\n    at y (/app/evil.js:1:1)`);
        error.name = "";
        expect(filesOf(error)).not.toContain("/app/evil.js");
      }),
    );
  });
});

test("no stack is too long, and none makes the reading fail", () => {
  const half = " (".repeat(500_000);
  expect(stackFrames(withStack("x", `Error: x\n    at ${half}`))).toEqual([]);
  expect(
    stackFrames(withStack("x", `Error: x\n    at f${" [as ".repeat(200_000)}] (/a.js:1:1)`)),
  ).toHaveLength(1);
  fc.assert(
    fc.property(fc.string(), (line) => {
      stackFrames(withStack("x", `Error: x\n    at ${line}`));
    }),
  );
});

test("what is no file of code makes no frame", () => {
  const places = [
    "/etc/hostname",
    "/proc/self/environ",
    "file://evil/x.js",
    "file:///a%2fb.js",
    "relative.js",
    "x",
  ];
  const calls = places.map((place) => `\n    at f (${place}:1:1)`);
  expect(stackFrames(withStack("x", `Error: x${calls.join("")}`))).toEqual([]);
});

test("an error whose texts are none has no calls", () => {
  const error = new Error("x");
  Object.defineProperty(error, "stack", {
    get() {
      throw new TypeError("no stack here");
    },
  });
  expect(stackFrames(error)).toEqual([]);
  expect(stackFrames(Object.assign(new Error("x"), { message: 5 }))).toEqual([]);
});
