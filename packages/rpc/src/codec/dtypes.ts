import { ChainsError } from "@truss-chains/errors";

/** How the numbers of each numpy dtype are held in JavaScript. */
export interface DTypeData {
  bool: Uint8Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  /** The bits of each number: Node 20 has no Float16Array. */
  float16: Uint16Array;
  float32: Float32Array;
  float64: Float64Array;
  /** Real and imaginary parts in turn. */
  complex64: Float32Array;
  /** Real and imaginary parts in turn. */
  complex128: Float64Array;
  str: readonly string[];
}

/** The name of a numpy dtype, as numpy prints it. */
export type DType = keyof DTypeData;

export type NumericArray = Exclude<DTypeData[DType], readonly string[]>;

interface NumericConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NumericArray;
}

export interface NumericDType {
  readonly name: Exclude<DType, "str">;
  /** numpy's code, with the byte order of the machine: little-endian wherever Node runs on the platform. */
  readonly code: string;
  readonly view: NumericConstructor;
  /** Elements of the view for each item of the array: 2 for complex numbers. */
  readonly width: 1 | 2;
}

const NUMERIC: readonly NumericDType[] = [
  { name: "bool", code: "|b1", view: Uint8Array, width: 1 },
  { name: "int8", code: "|i1", view: Int8Array, width: 1 },
  { name: "uint8", code: "|u1", view: Uint8Array, width: 1 },
  { name: "int16", code: "<i2", view: Int16Array, width: 1 },
  { name: "uint16", code: "<u2", view: Uint16Array, width: 1 },
  { name: "int32", code: "<i4", view: Int32Array, width: 1 },
  { name: "uint32", code: "<u4", view: Uint32Array, width: 1 },
  { name: "int64", code: "<i8", view: BigInt64Array, width: 1 },
  { name: "uint64", code: "<u8", view: BigUint64Array, width: 1 },
  { name: "float16", code: "<f2", view: Uint16Array, width: 1 },
  { name: "float32", code: "<f4", view: Float32Array, width: 1 },
  { name: "float64", code: "<f8", view: Float64Array, width: 1 },
  { name: "complex64", code: "<c8", view: Float32Array, width: 2 },
  { name: "complex128", code: "<c16", view: Float64Array, width: 2 },
];

const BY_NAME = new Map(NUMERIC.map((dtype) => [dtype.name as string, dtype]));
const BY_CODE = new Map(NUMERIC.map((dtype) => [dtype.code.slice(1), dtype]));

export function numericDType(name: string): NumericDType | undefined {
  return BY_NAME.get(name);
}

/** A dtype as it stands on the wire: what it holds, and whether its bytes are in the other order. */
export type WireDType =
  | { readonly kind: "numeric"; readonly dtype: NumericDType; readonly swapped: boolean }
  | { readonly kind: "str"; readonly characters: number; readonly swapped: boolean };

/** Reads `<f4`, `|b1`, `>i8`, `<U12`, or a plain name such as `float32`. */
export function parseWireDType(text: string): WireDType {
  const named = BY_NAME.get(text);
  if (named) return { kind: "numeric", dtype: named, swapped: false };
  const match = /^([<>|=])([a-zA-Z])(\d+)$/.exec(text);
  if (match) {
    const [, order, letter, size] = match;
    const swapped = order === ">";
    if (letter === "U") return { kind: "str", characters: Number(size), swapped };
    const dtype = BY_CODE.get(`${letter}${size}`);
    if (dtype) return { kind: "numeric", dtype, swapped };
  }
  throw new ChainsError(
    "BODY_INVALID",
    `An array has the numpy dtype ${JSON.stringify(text)}, which cannot be read here.`,
    {
      fix: `Send one of ${[...BY_NAME.keys()].join(", ")}, or strings.`,
    },
  );
}
