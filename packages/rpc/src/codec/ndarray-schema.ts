import { NEVER, unknown, type ZodType } from "zod";
import type { DType } from "./dtypes.ts";
import { fromJsonArray, isJsonArray, type JsonArray } from "./json-arrays.ts";
import { NdArray } from "./nd-array.ts";

/** The length of each dimension; null where any will do. */
export type ShapePattern = readonly (number | null)[];

/** A zod schema that takes arrays in either form, and gives an `NdArray`. */
export type NdArraySchema<D extends DType> = ZodType<NdArray<D>, NdArray<D> | JsonArray>;

/**
 * A schema of a tensor, alone or inside `z.object()`: `ndarray("float32", [null, 384])`. Takes an `NdArray`, or the JSON
 * form of the Python package's `NumpyArrayField`, and gives an `NdArray`. Without a shape, any will do.
 *
 * A zod schema rather than any Standard Schema, since `z.object()` takes no other.
 */
export function ndarray<D extends DType>(dtype: D, shape?: ShapePattern): NdArraySchema<D> {
  return unknown()
    .transform((value, context) => {
      const array = toArray(value);
      const problem = typeof array === "string" ? array : misfit(array, dtype, shape);
      if (problem === undefined) return array as NdArray<D>;
      context.addIssue({ code: "custom", message: problem });
      return NEVER;
    })
    .meta(describe(dtype, shape)) as unknown as NdArraySchema<D>;
}

function misfit(array: NdArray, dtype: DType, shape: ShapePattern | undefined): string | undefined {
  if (array.dtype !== dtype) return `must be an array of ${dtype}, got ${array.dtype}`;
  if (!shape || fits(array.shape, shape)) return undefined;
  return `must have the shape ${printShape(shape)}, got ${printShape(array.shape)}`;
}

function toArray(value: unknown): NdArray | string {
  if (value instanceof NdArray) return value;
  if (typeof value === "object" && value !== null && isJsonArray(value)) {
    try {
      return fromJsonArray(value);
    } catch (error) {
      return (error as Error).message;
    }
  }
  return "must be an NdArray, or an object with data_b64, shape and dtype";
}

function fits(shape: readonly number[], pattern: ShapePattern): boolean {
  return (
    shape.length === pattern.length &&
    pattern.every((length, axis) => length === null || length === shape[axis])
  );
}

function printShape(shape: ShapePattern): string {
  return `[${shape.map((length) => length ?? "*").join(", ")}]`;
}

function describe(dtype: DType, shape: ShapePattern | undefined): Record<string, unknown> {
  const lengths = shape?.map((length) =>
    length === null ? { type: "integer", minimum: 0 } : { const: length },
  );
  return {
    type: "object",
    properties: {
      data_b64: { type: "string", contentEncoding: "base64" },
      shape: lengths
        ? { type: "array", prefixItems: lengths, items: false, minItems: lengths.length }
        : { type: "array", items: { type: "integer", minimum: 0 } },
      dtype: dtype === "str" ? { type: "string" } : { const: dtype },
    },
    required: ["data_b64", "shape", "dtype"],
  };
}
