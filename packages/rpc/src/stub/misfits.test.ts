import { expect, test } from "vitest";
import { z } from "zod";
import { NdArray } from "../codec/nd-array.ts";
import { ndarray } from "../codec/ndarray-schema.ts";
import { misfits } from "./misfits.ts";

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });

const Tree = z.object({
  get children() {
    return z.array(Tree);
  },
});

const Answer = z.object({
  id: z.int(),
  score: z.number().min(0),
  tags: z.array(z.string()),
  note: z.string().nullable().optional(),
  kind: z.union([z.literal("a"), z.object({ deep: z.boolean() })]),
  colour: z.enum(["red", "blue"]),
  version: z.literal(1),
  pair: z.tuple([z.string(), z.number()]),
  range: z.tuple([z.number(), z.number().optional()]),
  counts: z.record(z.string(), z.number()),
  tree: Tree,
});
const answer = {
  id: 1,
  score: 0.5,
  tags: ["a"],
  note: null,
  kind: { deep: true },
  colour: "red",
  version: 1,
  pair: ["a", 1],
  range: [1, 2],
  counts: { a: 1 },
  tree: { children: [{ children: [] }] },
};

test.each([
  [{}, []],
  [{ note: undefined, added: 1, score: -1 }, []],
  [{ score: 3 }, []],
  [{ id: 1.5 }, ["id must be an integer, got a number."]],
  [{ id: "1", score: null }, ["id must be an integer, got a string.", "score must be a number, got null."]],
  [{ tags: ["a", {}] }, ["tags.1 must be a string, got an object."]],
  [{ tags: {} }, ["tags must be an array, got an object."]],
  [{ kind: { deep: 1 } }, ["kind fits none of the choices."]],
  [{ kind: "b" }, ["kind fits none of the choices."]],
  [{ colour: "purple" }, ['colour must be one of "red", "blue".']],
  [{ version: 2 }, ["version must be 1."]],
  [{ pair: ["a", "b"] }, ["pair.1 must be a number, got a string."]],
  [{ pair: ["a"] }, ["pair.1 is missing."]],
  [{ range: [1] }, []],
  [{ range: [1, "2"] }, ["range.1 must be a number, got a string."]],
  [{ counts: { a: 1, b: "2" } }, ["counts.b must be a number, got a string."]],
  [{ tree: { children: [{ children: [{}] }] } }, ["tree.children.0.children.0.children is missing."]],
])("an answer changed by %j is told field by field", (change, expected) => {
  const found = misfits(schemaOf(Answer), { ...answer, ...change });
  expect(found.map(({ path, message }) => `${path.join(".")} ${message}`)).toEqual(expected);
});

test("a field that was always there may not be missing", () => {
  const { id: _, ...rest } = answer;
  expect(misfits(schemaOf(Answer), rest)).toEqual([{ path: ["id"], message: "is missing." }]);
});

test("what JSON Schema does not describe is let through", () => {
  const Binary = z.object({ vector: ndarray("float32"), at: z.date(), bytes: z.instanceof(Uint8Array) });
  const value = { vector: NdArray.from(Float32Array.of(1)), at: new Date(), bytes: new Uint8Array(1) };
  expect(misfits(schemaOf(Binary), value)).toEqual([]);
});
