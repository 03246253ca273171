import { arrayFromBytes } from "./array-from-bytes.ts";
import type { NdArray } from "./nd-array.ts";
import { MAX_DEPTH } from "./unserializable.ts";

/** The form of the Python package's `NumpyArrayField` in JSON. */
export interface JsonArray {
  readonly data_b64: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export function isJsonArray(value: object): value is JsonArray {
  const { data_b64, shape, dtype } = value as Partial<JsonArray>;
  return (
    typeof data_b64 === "string" &&
    typeof dtype === "string" &&
    Array.isArray(shape) &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 0)
  );
}

/** @throws ChainsError `BODY_INVALID` when dtype, shape and data do not belong together. */
export function fromJsonArray({ data_b64, shape, dtype }: JsonArray): NdArray {
  return arrayFromBytes(dtype, shape, Buffer.from(data_b64, "base64"));
}

/** Puts arrays where a parsed document has their JSON form and nothing besides. The document is changed in place. */
export function reviveArrays(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = reviveArrays(value[index], depth + 1);
    return value;
  }
  if (isJsonArray(value) && Object.keys(value).length === 3) return fromJsonArray(value);
  for (const [key, member] of Object.entries(value)) {
    const revived = reviveArrays(member, depth + 1);
    if (revived !== member)
      Object.defineProperty(value, key, {
        value: revived,
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }
  return value;
}
