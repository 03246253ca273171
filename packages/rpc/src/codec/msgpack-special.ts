import { ChainsError } from "@truss-chains/errors";
import { arrayFromBytes } from "./array-from-bytes.ts";
import { Complex, Decimal, Duration, PlainDate, PlainDateTime, PlainTime, Uuid } from "./values.ts";

/** The members of a map whose keys are bytes, by their text. */
export type BinaryMap = Map<string, unknown>;

// In the order in which the Python package looks for them.
const READERS: readonly (readonly [mark: string, read: (data: unknown) => unknown])[] = [
  ["__dt_datetime_iso__", (data) => readDatetime(text(data))],
  ["__dt_date_iso__", (data) => new PlainDate(text(data))],
  ["__dt_time_iso__", (data) => new PlainTime(text(data))],
  ["__dt_timedelta__", readTimedelta],
  ["__decimal__", (data) => new Decimal(text(data))],
  ["__uuid__", (data) => new Uuid(text(data))],
];

/** The value that a map with binary keys stands for; undefined when it is only a map. */
export function reviveSpecial(map: BinaryMap): unknown {
  if (map.has("data")) {
    const reader = READERS.find(([mark]) => map.has(mark));
    if (reader) return reader[1](map.get("data"));
    if (map.has("nd")) return map.get("nd") === true ? readArray(map) : readScalar(map);
    if (map.has("complex")) return new Complex(text(map.get("data")));
  }
  return undefined;
}

function readArray(map: BinaryMap): unknown {
  const kind = map.get("kind");
  const letter = kind instanceof Uint8Array ? String.fromCharCode(...kind.subarray(0, 1)) : "";
  if (letter === "O") {
    throw new ChainsError(
      "BODY_INVALID",
      "An array has the dtype object, whose items are pickled Python objects.",
      {
        fix: "Unpickling runs whatever the sender wrote: send numbers, or a list.",
      },
    );
  }
  if (letter === "V") {
    throw new ChainsError("BODY_INVALID", "An array has a structured dtype, which cannot be read here.", {
      fix: "Send one array for each field.",
    });
  }
  const shape = map.get("shape");
  if (!Array.isArray(shape) || !shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new ChainsError("BODY_INVALID", "An array has no valid shape.");
  }
  return arrayFromBytes(text(map.get("type")), shape as number[], bytes(map.get("data")));
}

function readScalar(map: BinaryMap): unknown {
  const code = text(map.get("type"));
  const { dtype, data } = arrayFromBytes(code, [], bytes(map.get("data")));
  if (dtype === "complex64" || dtype === "complex128")
    return new Complex(complexText(data[0] as number, data[1] as number));
  if (dtype === "float16") return halfToNumber(data[0] as number);
  const value = data[0];
  if (dtype === "bool") return value !== 0;
  if (typeof value !== "bigint") return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function complexText(real: number, imaginary: number): string {
  return `(${real}${imaginary < 0 || Object.is(imaginary, -0) ? "" : "+"}${imaginary}j)`;
}

// IEEE 754 binary16: 1 bit sign, 5 bits exponent, 10 bits fraction.
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

// A Date is an instant: without a zone, the text does not say which.
function readDatetime(iso: string): Date | PlainDateTime {
  if (!/(?:Z|[+-]\d\d:\d\d(?::\d\d)?)$/.test(iso)) return new PlainDateTime(iso);
  const date = new Date(iso.replace(/(\.\d{3})\d+/, "$1"));
  if (Number.isNaN(date.getTime()))
    throw new ChainsError("BODY_INVALID", `${JSON.stringify(iso)} is no date and time.`);
  return date;
}

function readTimedelta(data: unknown): Duration {
  if (!Array.isArray(data) || data.length !== 3 || !data.every(Number.isSafeInteger)) {
    throw new ChainsError("BODY_INVALID", "A timedelta is [days, seconds, microseconds].");
  }
  try {
    return new Duration(data[0], data[1], data[2]);
  } catch (cause) {
    throw new ChainsError("BODY_INVALID", `A timedelta is none: ${(cause as Error).message}`, { cause });
  }
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new ChainsError("BODY_INVALID", `A special value holds ${typeof value} where text belongs.`);
}

function bytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new ChainsError("BODY_INVALID", `An array holds ${typeof value} where bytes belong.`);
}
