import { describe, expect, it } from "vitest";
import { compareEndpoints, compareSchemas } from "./compare-schemas.ts";

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
    ["input", text, { type: "string", minLength: 3 }, [["input", "has another minLength", true]]],
    ["input", { description: "a", type: "string" }, { type: "string" }, []],
    [
      "output",
      text,
      { anyOf: [text, { type: "null" }] },
      [["output", "was string, is string or null", true]],
    ],
    ["input", text, { anyOf: [text, { type: "null" }] }, [["input", "was string, is string or null", false]]],
    ["input", text, { enum: ["a"], type: "string" }, [["input", "has another enum", true]]],
    ["input", text, text, []],
    ["output", null, text, [["output", "is new", false]]],
  ] as const)("of the %s is told, and whether it breaks callers", (direction, before, after, expected) => {
    const changes = compareSchemas(before, after, direction);
    expect(changes.map(({ path, what, isBreaking }) => [path, what, isBreaking])).toEqual(expected);
  });
});

describe("a change of an endpoint", () => {
  const endpoint = { kind: "unary", input: text, output: text } as const;

  it("is told side by side", () => {
    const changes = compareEndpoints(endpoint, { ...endpoint, input: null, output: { type: "number" } });
    expect(changes.map(({ path, what }) => `${path} ${what}`)).toEqual([
      "input is gone",
      "output was string, is number",
    ]);
  });

  it("of its kind says nothing of the schemas", () => {
    expect(compareEndpoints(endpoint, { kind: "stream", input: null, item: text })).toEqual([
      { path: "endpoint", what: "was unary, is stream", isBreaking: true },
    ]);
  });
});
