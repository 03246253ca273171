import { toJsonSchema } from "@truss-chains/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { exampleOf } from "./example-of.ts";

test.each<[string, z.ZodType, unknown]>([
  ["nothing", z.object({}), {}],
  ["what is required", z.object({ text: z.string(), n: z.int().optional() }), { text: "text" }],
  ["no defaults", z.object({ text: z.string(), times: z.int().default(2) }), { text: "text" }],
  [
    "limits",
    z.object({ n: z.int().min(3), m: z.number().lt(1), s: z.string().min(6) }),
    { n: 3, m: 0, s: "texttt" },
  ],
  ["lists", z.array(z.object({ on: z.boolean() })), [{ on: false }]],
  ["pairs", z.tuple([z.string(), z.number()]), ["text", 1]],
  [
    "choices",
    z.object({ mode: z.enum(["fast", "slow"]), kind: z.literal("a") }),
    { mode: "fast", kind: "a" },
  ],
  ["unions", z.union([z.number(), z.string()]), 1],
  ["formats", z.object({ id: z.uuid(), mail: z.email() }), expect.anything()],
  ["intersections", z.object({ a: z.string() }).and(z.object({ b: z.int() })), { a: "text", b: 1 }],
  ["nullable", z.object({ a: z.string().nullable() }), { a: "text" }],
])("an example of %s fits its schema", (_, schema, expected) => {
  const example = exampleOf(toJsonSchema(schema as never, "input"));
  expect(example).toEqual(expected);
  expect(schema.safeParse(example).error).toBeUndefined();
});

test("an example of something that holds itself has an end", () => {
  const Tree = z.object({
    name: z.string(),
    get children() {
      return z.array(Tree);
    },
    get next() {
      return z.union([Tree, z.null()]);
    },
  });
  const example = exampleOf(toJsonSchema(z.object({ tree: Tree }) as never, "input"));
  expect(example).toEqual({ tree: { name: "text", children: [], next: null } });
});
