import type { Schema } from "@truss-chains/core";
import type { DType } from "./dtypes.ts";
import { fromJsonArray, isJsonArray, type JsonArray } from "./json-arrays.ts";
import { NdArray } from "./nd-array.ts";

/** The length of each dimension; null where any will do. */
export type ShapePattern = readonly (number | null)[];

/**
 * A schema of a tensor: `ndarray("float32", [null, 384])`. Takes an `NdArray`, or the JSON form of the Python
 * package's `NumpyArrayField`, and gives an `NdArray`. Without a shape, any will do.
 */
export function ndarray<D extends DType>(
  dtype: D,
  shape?: ShapePattern,
): Schema<NdArray<D> | JsonArray, NdArray<D>> {
  const jsonSchema = () => describe(dtype, shape);
  const standard = {
    version: 1 as const,
    vendor: "truss-chains",
    validate: (value: unknown) => check(value, dtype, shape) as never,
    // What core's toJsonSchema reads: https://standardschema.dev/json-schema
    jsonSchema: { input: jsonSchema, output: jsonSchema },
  };
  return { "~standard": standard };
}

function check(value: unknown, dtype: DType, shape: ShapePattern | undefined) {
  const array = toArray(value);
  if (typeof array === "string") return issue(array);
  if (array.dtype !== dtype) return issue(`must be an array of ${dtype}, got ${array.dtype}`);
  if (shape && !fits(array.shape, shape)) {
    return issue(`must have the shape ${printShape(shape)}, got ${printShape(array.shape)}`);
  }
  return { value: array };
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

const issue = (message: string) => ({ issues: [{ message }] });
