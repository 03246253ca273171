import { ChainsError } from "@truss-chains/errors";
import { arrayBytes } from "./array-bytes.ts";
import { type DType, type DTypeData, type NumericArray, numericDType } from "./dtypes.ts";

/**
 * An n-dimensional array, as numpy has them: `data` in C order (the last index varies fastest), `shape` the length
 * of each dimension, `[]` for a single number.
 *
 * In binary mode it travels as its raw bytes, in JSON as `{"data_b64", "shape", "dtype"}`.
 */
export class NdArray<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: DTypeData[D];

  /** @throws ChainsError `USAGE` when data, dtype and shape do not belong together. */
  constructor(dtype: D, shape: readonly number[], data: DTypeData[D]) {
    const numeric = numericDType(dtype);
    if (!numeric && dtype !== "str") throw usage(`${JSON.stringify(dtype)} is not a dtype.`);
    if (numeric ? !(data instanceof numeric.view) : !Array.isArray(data)) {
      throw usage(`The data of ${dtype} is held in ${numeric ? numeric.view.name : "an array of strings"}.`);
    }
    if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
      throw usage(`A shape is a list of whole numbers, got [${shape.join(", ")}].`);
    }
    const items = shape.reduce((product, length) => product * length, 1);
    const width = numeric?.width ?? 1;
    if (items * width !== data.length) {
      throw usage(
        `The shape [${shape.join(", ")}] needs ${items * width} elements, the data has ${data.length}.`,
      );
    }
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }

  /** The number of items. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /** A one-dimensional array of what a typed array holds; no copy is made. */
  static from<A extends TypedData>(data: A, shape: readonly number[] = [data.length]): NdArray<DTypeOf<A>> {
    const dtype = DTYPE_OF.get(data.constructor as never);
    if (!dtype) throw usage(`There is no dtype for ${data.constructor.name}.`);
    return new NdArray(dtype, shape, data as never) as unknown as NdArray<DTypeOf<A>>;
  }

  /** The form that the Python package's `NumpyArrayField` has in JSON. */
  toJSON(): { readonly data_b64: string; readonly shape: readonly number[]; readonly dtype: string } {
    const { bytes, code } = arrayBytes(this as NdArray);
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return {
      data_b64: view.toString("base64"),
      shape: this.shape,
      dtype: this.dtype === "str" ? code : this.dtype,
    };
  }
}

type TypedData = Exclude<NumericArray, never>;

/** The dtype that a typed array stands for when nothing else is said. */
export type DTypeOf<A> = A extends Float32Array
  ? "float32"
  : A extends Float64Array
    ? "float64"
    : A extends Int8Array
      ? "int8"
      : A extends Uint8Array
        ? "uint8"
        : A extends Int16Array
          ? "int16"
          : A extends Uint16Array
            ? "uint16"
            : A extends Int32Array
              ? "int32"
              : A extends Uint32Array
                ? "uint32"
                : A extends BigInt64Array
                  ? "int64"
                  : A extends BigUint64Array
                    ? "uint64"
                    : never;

const DTYPE_OF = new Map<unknown, DType>([
  [Int8Array, "int8"],
  [Uint8Array, "uint8"],
  [Buffer, "uint8"],
  [Int16Array, "int16"],
  [Uint16Array, "uint16"],
  [Int32Array, "int32"],
  [Uint32Array, "uint32"],
  [BigInt64Array, "int64"],
  [BigUint64Array, "uint64"],
  [Float32Array, "float32"],
  [Float64Array, "float64"],
]);

function usage(message: string): ChainsError {
  return new ChainsError("USAGE", message, {
    fix: "See NdArray: dtype, shape and data have to belong together.",
  });
}
