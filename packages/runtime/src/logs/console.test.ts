import { afterEach, beforeEach, expect, test } from "vitest";
import { captureConsole } from "./console.ts";

const original = { ...console };
let lines: [string, string][];

beforeEach(() => {
  lines = [];
  captureConsole({ log: (level, message) => void lines.push([level, message]), flush: async () => {} });
});

afterEach(() => {
  Object.assign(console, original);
});

test("each method of the console makes a line of its level", () => {
  console.log("a %s", "b");
  console.warn("c");
  console.error(new RangeError("d").message);
  console.debug("e");
  expect(lines).toEqual([
    ["info", "a b"],
    ["warn", "c"],
    ["error", "d"],
    ["debug", "e"],
  ]);
});

test("an object that is shown with console.dir makes a line, too", () => {
  console.dir({ deep: { deeper: { deepest: { end: 1 } } } }, { depth: 0 });
  console.dirxml({ a: 1 });
  expect(lines).toEqual([
    ["info", "{ deep: [Object] }"],
    ["info", "{ a: 1 }"],
  ]);
});
