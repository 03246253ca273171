import { toJsonSchema } from "@truss-chains/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { NdArray } from "./nd-array.ts";
import { ndarray } from "./ndarray-schema.ts";

const vectors = ndarray("float32", [null, 3]);
const validate = (value: unknown) => vectors.safeParse(value);

test("an array of the right dtype and shape passes", () => {
  const array = NdArray.from(new Float32Array(6), [2, 3]);
  expect(validate(array)).toMatchObject({ success: true, data: array });
});

test("the JSON form becomes an array", () => {
  const array = NdArray.from(new Float32Array(3), [1, 3]);
  expect(validate(JSON.parse(JSON.stringify(array)))).toMatchObject({ success: true, data: array });
});

test.each([
  ["another dtype", NdArray.from(new Float64Array(3), [1, 3]), "must be an array of float32, got float64"],
  ["another shape", NdArray.from(new Float32Array(4), [2, 2]), "must have the shape [*, 3], got [2, 2]"],
  ["a list", [[1, 2, 3]], "must be an NdArray, or an object with data_b64, shape and dtype"],
  [
    "data that is too short",
    { data_b64: "", shape: [1, 3], dtype: "float32" },
    "An array of dtype float32 and shape [1, 3] needs 12 bytes, but 0 came.",
  ],
])("%s is refused", (_, value, message) => {
  expect(validate(value).error?.issues).toMatchObject([{ message }]);
});

test("it is a part of an object like any other, optional or not", () => {
  const input = z.object({ vector: vectors, mask: ndarray("bool").optional() });
  const vector = NdArray.from(new Float32Array(3), [1, 3]);
  expect(input.parse({ vector })).toEqual({ vector });
  const error = input.safeParse({ vector: 1 }).error;
  expect(error?.issues[0]?.path).toEqual(["vector"]);
  expect(toJsonSchema(input, "output")).toMatchObject({
    properties: { vector: { required: ["data_b64", "shape", "dtype"] } },
  });
});

test("it has a JSON Schema of the JSON form", () => {
  expect(toJsonSchema(vectors, "input")).toMatchObject({
    required: ["data_b64", "shape", "dtype"],
    properties: {
      shape: { prefixItems: [{ type: "integer", minimum: 0 }, { const: 3 }] },
      dtype: { const: "float32" },
    },
  });
});

test("data, dtype and shape have to belong together", () => {
  expect(() => new NdArray("float32", [2], new Float32Array(3))).toThrow("needs 2 elements, the data has 3");
  expect(() => new NdArray("float32", [1], new Float64Array(1) as never)).toThrow("held in Float32Array");
});
