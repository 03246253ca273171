import { type NumericArray, numericDType } from "./dtypes.ts";
import type { NdArray } from "./nd-array.ts";

/** The raw bytes of an array in C order, and numpy's code for its dtype. Numbers are not copied. */
export function arrayBytes(array: NdArray): { readonly bytes: Uint8Array; readonly code: string } {
  const numeric = numericDType(array.dtype);
  if (numeric) {
    const { buffer, byteOffset, byteLength } = array.data as NumericArray;
    return { bytes: new Uint8Array(buffer, byteOffset, byteLength), code: numeric.code };
  }
  return stringBytes(array.data as readonly string[]);
}

// numpy keeps text as UTF-32, every item as wide as the widest, padded with zeros.
function stringBytes(items: readonly string[]): { bytes: Uint8Array; code: string } {
  const points = items.map((item) => Array.from(item, (character) => character.codePointAt(0)!));
  const characters = points.reduce((widest, item) => Math.max(widest, item.length), 1);
  const cells = new Uint32Array(items.length * characters);
  points.forEach((item, index) => {
    cells.set(item, index * characters);
  });
  return { bytes: new Uint8Array(cells.buffer), code: `<U${characters}` };
}
