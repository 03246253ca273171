import { type } from "arktype";
import fc from "fast-check";
import * as v from "valibot";
import { expect, test } from "vitest";
import { z } from "zod";
import { contractHash, toJsonSchema } from "./json-schema.ts";

test("the two directions of a schema differ where defaults and transforms are", () => {
  const schema = z.object({ k: z.int().default(3), n: z.string().transform(Number) });
  expect(toJsonSchema(schema, "input")).toMatchObject({
    properties: { k: { type: "integer", default: 3 }, n: { type: "string" } },
    required: ["n"],
  });
  expect(toJsonSchema(schema, "output")).toMatchObject({ required: ["k", "n"] });
});

test("what JSON Schema cannot express allows anything", () => {
  expect(toJsonSchema(z.object({ at: z.date(), n: z.bigint() }), "input")).toMatchObject({
    type: "object",
    properties: { at: {}, n: {} },
  });
});

test("the dialect is not repeated in each schema", () => {
  expect(toJsonSchema(z.string(), "input")).toEqual({ type: "string" });
});

test("an arktype schema tells its JSON Schema", () => {
  expect(toJsonSchema(type({ text: "string" }), "input")).toMatchObject({
    type: "object",
    properties: { text: { type: "string" } },
    required: ["text"],
  });
});

test("a library that cannot tell gives an unknown schema", () => {
  expect(toJsonSchema(v.object({ text: v.string() }), "input")).toEqual({});
});

test("a library that refuses gives an unknown schema", () => {
  const standard = {
    version: 1 as const,
    vendor: "refuses",
    validate: (value: unknown) => ({ value }),
    jsonSchema: {
      input: () => {
        throw new Error("unsupported");
      },
    },
  };
  expect(toJsonSchema({ "~standard": standard }, "input")).toEqual({});
});

/** The same data with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reordered(member)]),
  );
}

const schemas = fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<unknown>);

test("the order of keys does not change a contract's hash", () => {
  fc.assert(
    fc.property(schemas, (data) => {
      expect(contractHash(reordered(data) as typeof data)).toBe(contractHash(data));
    }),
  );
});

test("a key without a value does not change it either", () => {
  fc.assert(
    fc.property(schemas, (data) => {
      const plain = JSON.parse(JSON.stringify(data)) as typeof data;
      expect(contractHash({ ...plain, "\u0000absent": undefined })).toBe(contractHash(plain));
    }),
  );
});

test("different schemas have different hashes", () => {
  const same = (a: unknown, b: unknown) => JSON.stringify(reordered(a)) === JSON.stringify(reordered(b));
  fc.assert(
    fc.property(schemas, schemas, (a, b) => {
      const [one, other] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
      fc.pre(!same(sorted(one), sorted(other)));
      expect(contractHash(one)).not.toBe(contractHash(other));
    }),
  );
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)]);
}

test("a hash is 16 hex digits", () => {
  expect(contractHash({})).toMatch(/^[0-9a-f]{16}$/);
});
