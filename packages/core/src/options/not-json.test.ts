import fc from "fast-check";
import { expect, test } from "vitest";
import { findNotJson } from "./not-json.ts";

test("whatever JSON gives back as it was has no such part", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => findNotJson(value) === undefined));
});

test.each([12n, () => {}, Symbol("s"), Number.NaN, new Date(0), new Map(), Buffer.of(1)])(
  "%s is found",
  (value) => {
    expect(findNotJson({ a: ["x", value] })).toEqual({ path: ["a", 1], value });
  },
);

test("an object inside of itself is found, and one that is there twice is none", () => {
  const loop: Record<string, unknown> = {};
  loop.again = { loop };
  expect(findNotJson(loop)?.path).toEqual(["again", "loop"]);
  const twice = { a: 1 };
  expect(findNotJson([twice, twice, { of: undefined }])).toBeUndefined();
});
