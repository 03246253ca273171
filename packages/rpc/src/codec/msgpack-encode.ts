import { arrayBytes } from "./array-bytes.ts";
import { MsgpackWriter } from "./msgpack-writer.ts";
import { NdArray } from "./nd-array.ts";
import {
  isPlainObject,
  MAX_DEPTH,
  type Objection,
  objection,
  TOO_DEEP,
  unserializable,
} from "./unserializable.ts";
import { Complex, Decimal, Duration, PlainDate, PlainDateTime, PlainTime, Uuid } from "./values.ts";

const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1");
const DATA = latin1("data");

// The text values and the binary key that marks each: Python looks up binary keys only.
const MARKS = new Map<unknown, Uint8Array>([
  [Decimal, latin1("__decimal__")],
  [Uuid, latin1("__uuid__")],
  [PlainDate, latin1("__dt_date_iso__")],
  [PlainTime, latin1("__dt_time_iso__")],
  [PlainDateTime, latin1("__dt_datetime_iso__")],
  [Complex, latin1("complex")],
]);
const DATETIME = latin1("__dt_datetime_iso__");
const TIMEDELTA = latin1("__dt_timedelta__");
const ND = {
  nd: latin1("nd"),
  type: latin1("type"),
  kind: latin1("kind"),
  shape: latin1("shape"),
  empty: new Uint8Array(0),
};

const NIL = 0xc0;
const FALSE = 0xc2;
const TRUE = 0xc3;

/** What stands in the way, and under which keys; found from the inside outwards. */
class Refusal {
  readonly objection: Objection;
  readonly path: (string | number)[] = [];
  constructor(objection: Objection) {
    this.objection = objection;
  }
}

/**
 * msgpack as the Python package writes it (msgpack 1.1 with msgpack-numpy 0.4.8): bytes, `Date`, `NdArray`, bigint
 * and the wire values keep their types; NaN and infinities travel. `undefined` members are left out.
 *
 * @throws ChainsError `VALUE_NOT_SERIALIZABLE` naming the path of the first value that has no form.
 */
export function encodeMsgpack(value: unknown): Uint8Array {
  const writer = new MsgpackWriter();
  try {
    write(writer, value === undefined ? null : value, 0);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const path = error.objection === TOO_DEEP ? error.path.reverse().slice(0, 8) : error.path.reverse();
    throw unserializable(path, error.objection);
  }
  return writer.finish();
}

function write(writer: MsgpackWriter, value: unknown, depth: number): void {
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) throw new Refusal(HALF_CHARACTER);
      writer.string(value);
      break;
    case "number":
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) writer.integer(value);
      else writer.float(value);
      break;
    case "boolean":
      writer.byte(value ? TRUE : FALSE);
      break;
    case "bigint":
      if (value >= 1n << 64n || value < -(1n << 63n)) throw new Refusal(WIDE_INTEGER);
      if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) writer.integer(Number(value));
      else writer.bigint(value);
      break;
    case "object":
      if (depth > MAX_DEPTH) throw new Refusal(TOO_DEEP);
      if (value === null) writer.byte(NIL);
      else if (Array.isArray(value)) writeArray(writer, value, depth);
      else if (isPlainObject(value)) writeMap(writer, value as Record<string, unknown>, depth);
      else writeSpecial(writer, value);
      break;
    default:
      throw new Refusal(objection(value));
  }
}

function writeArray(writer: MsgpackWriter, items: readonly unknown[], depth: number): void {
  writer.arrayHeader(items.length);
  for (let index = 0; index < items.length; index++) {
    try {
      write(writer, items[index], depth + 1);
    } catch (error) {
      throw withKey(error, index);
    }
  }
}

function writeMap(writer: MsgpackWriter, members: Record<string, unknown>, depth: number): void {
  const keys = Object.keys(members).filter((key) => members[key] !== undefined);
  writer.mapHeader(keys.length);
  for (const key of keys) {
    if (!key.isWellFormed()) throw new Refusal(HALF_CHARACTER_KEY);
    writer.string(key);
    try {
      write(writer, members[key], depth + 1);
    } catch (error) {
      throw withKey(error, key);
    }
  }
}

function withKey(error: unknown, key: string | number): unknown {
  if (error instanceof Refusal) error.path.push(key);
  return error;
}

function writeSpecial(writer: MsgpackWriter, value: object): void {
  if (value instanceof Uint8Array) writer.binary(value);
  else if (value instanceof NdArray) writeNdArray(writer, value);
  else if (value instanceof Date) writeMarked(writer, DATETIME, pythonDatetime(value));
  else if (value instanceof Duration) writeDuration(writer, value);
  else {
    const mark = MARKS.get(value.constructor);
    if (!mark) throw new Refusal(objection(value));
    writeMarked(writer, mark, String(value));
  }
}

function writeDuration(writer: MsgpackWriter, { days, seconds, microseconds }: Duration): void {
  openMarked(writer, TIMEDELTA);
  writer.arrayHeader(3);
  for (const part of [days, seconds, microseconds]) writer.integer(part);
}

function writeMarked(writer: MsgpackWriter, mark: Uint8Array, text: string): void {
  openMarked(writer, mark);
  writer.string(text);
}

function openMarked(writer: MsgpackWriter, mark: Uint8Array): void {
  writer.mapHeader(2);
  writer.binary(mark);
  writer.byte(TRUE);
  writer.binary(DATA);
}

function writeNdArray(writer: MsgpackWriter, array: NdArray): void {
  const { bytes, code } = arrayBytes(array);
  writer.mapHeader(5);
  writer.binary(ND.nd);
  writer.byte(TRUE);
  writer.binary(ND.type);
  writer.string(code);
  writer.binary(ND.kind);
  writer.binary(ND.empty);
  writer.binary(ND.shape);
  writer.arrayHeader(array.shape.length);
  for (const length of array.shape) writer.integer(length);
  writer.binary(DATA);
  writer.binary(bytes);
}

// The years 1 to 9999: others have six digits here, and no date there.
const PYTHON_YEAR = /^(?!0000)\d{4}-/;

// As datetime.isoformat() prints it: six digits of a second or none.
function pythonDatetime(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new Refusal({ what: "an invalid Date", fix: "Send null." });
  const text = date.toISOString();
  if (!PYTHON_YEAR.test(text)) throw new Refusal(FOREIGN_YEAR);
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : `${text.slice(0, -1)}000Z`;
}

const HALF_CHARACTER: Objection = {
  what: "a string with half of a surrogate pair",
  fix: "Send value.toWellFormed().",
};
const HALF_CHARACTER_KEY: Objection = {
  what: "an object with half of a surrogate pair in a key",
  fix: "Send key.toWellFormed().",
};
const FOREIGN_YEAR: Objection = {
  what: "a Date outside of the years 1 to 9999",
  fix: "Python has no such dates: send value.toISOString().",
};
const WIDE_INTEGER: Objection = { what: "an integer of more than 64 bits", fix: "Send a string." };
