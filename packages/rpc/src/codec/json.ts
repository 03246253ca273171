import { ChainsError } from "@truss-chains/errors";
import { reviveArrays } from "./json-arrays.ts";
import { LONG_TEXT, stringifyLongText } from "./long-text.ts";
import { NdArray } from "./nd-array.ts";
import { isPlainObject, MAX_DEPTH, objection, TOO_DEEP, unserializable } from "./unserializable.ts";
import { decodeUtf8 } from "./utf8.ts";
import { isWireValue } from "./values.ts";

/**
 * Compact JSON of a value. `undefined` members of objects are left out, as JSON.stringify does; everything else that
 * JSON would drop or change in silence is refused. A `toJSON` method is not called, since the callee would get
 * another value than was sent; only `NdArray` and our other wire values have one that counts.
 *
 * @throws ChainsError `VALUE_NOT_SERIALIZABLE` naming the path of the first such value.
 */
export function encodeJson(value: unknown): string {
  if (value === undefined) return "null";
  longText = false;
  if (!isJson(value, 0)) refuse(value, []);
  return longText ? stringifyLongText(value) : JSON.stringify(value);
}

// The end of the key `"data_b64"`: a search for a quote, which is every other character of JSON, is slow.
const ARRAY_MARK = '_b64"';

/**
 * A byte order mark may come before it, as for Python's `json.loads`.
 *
 * @throws ChainsError `BODY_INVALID` when the bytes are not JSON in UTF-8.
 */
export function decodeJson(bytes: Uint8Array): unknown {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = decodeUtf8(hasByteOrderMark(buffer) ? buffer.subarray(3) : buffer);
  if (text === undefined) throw new ChainsError("BODY_INVALID", "The body is not valid UTF-8.");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = text === "" ? "it is empty" : (cause as SyntaxError).message;
    throw new ChainsError("BODY_INVALID", `The body is not valid JSON: ${reason}.`, { cause });
  }
  return text.includes(ARRAY_MARK) ? reviveArrays(value) : value;
}

function hasByteOrderMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

// Whether the value that was looked at last has some.
let longText = false;

// Runs on every message: it only answers yes or no, and the path is looked for when the answer is no.
function isJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
      if (value.length >= LONG_TEXT) longText = true;
      return true;
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      return value === null || isJsonObject(value, depth);
    default:
      return false;
  }
}

function isJsonObject(value: object, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (!isJson(value[index], depth + 1)) return false;
    return true;
  }
  if (!isPlainObject(value)) return value instanceof NdArray || isWireValue(value);
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined && !isJson(member, depth + 1)) return false;
  }
  return true;
}

function refuse(value: unknown, path: readonly (string | number)[]): never {
  if (path.length > MAX_DEPTH) throw unserializable(path.slice(0, 8), TOO_DEEP);
  if (Array.isArray(value)) {
    const index = value.findIndex((item) => !isJson(item, path.length + 1));
    refuse(value[index], [...path, index]);
  }
  if (typeof value === "object" && value !== null && isPlainObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined && !isJson(member, path.length + 1)) refuse(member, [...path, key]);
    }
  }
  throw unserializable(path, objection(value));
}
