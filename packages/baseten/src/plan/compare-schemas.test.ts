import { describe, expect, it } from "vitest";
import { compareSchemas } from "./compare-schemas.ts";

const object = (properties: Record<string, unknown>, required: string[] = []) => ({
  type: "object",
  properties,
  required,
});
const text = { type: "string" };

describe("a change of a schema", () => {
  it.each([
    ["input", object({ a: text }), object({ a: text, b: text }), [["input.b", "is new", false]]],
    [
      "input",
      object({ a: text }),
      object({ a: text, b: text }, ["b"]),
      [["input.b", "is new and required", true]],
    ],
    ["input", object({ a: text }, ["a"]), object({ a: text }), [["input.a", "is optional now", false]]],
    ["output", object({ a: text }, ["a"]), object({ a: text }), [["output.a", "is optional now", true]]],
    ["output", object({ a: text, b: text }), object({ a: text }), [["output.b", "is gone", true]]],
    ["input", { type: "integer" }, { type: "number" }, [["input", "was integer, is number", false]]],
    ["output", { type: "integer" }, { type: "number" }, [["output", "was integer, is number", true]]],
    [
      "input",
      object({ list: { type: "array", items: text } }),
      object({ list: { type: "array", items: { type: "number" } } }),
      [["input.list[]", "was string, is number", true]],
    ],
    ["input", text, { type: "string", minLength: 3 }, [["input", "has other rules", true]]],
    ["input", text, text, []],
    ["output", null, text, [["output", "is new", false]]],
  ] as const)("of the %s is told, and whether it breaks callers", (direction, before, after, expected) => {
    const changes = compareSchemas(before, after, direction);
    expect(changes.map(({ path, what, isBreaking }) => [path, what, isBreaking])).toEqual(expected);
  });
});
