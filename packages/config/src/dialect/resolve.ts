import { pythonFloat, pythonInt } from "../python-text.ts";
import { type TimestampFields, YamlFloat, YamlTimestamp } from "./values.ts";

/** The implicit types of plain scalars, as YAML 1.1 and PyYAML have them. */
export type ImplicitType = "bool" | "float" | "int" | "merge" | "null" | "timestamp" | "value" | "str";

const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

const WORDS: ReadonlyMap<string, ImplicitType> = new Map([
  ...["yes", "no", "true", "false", "on", "off"].flatMap((word) => inAllCases(word, "bool")),
  ...inAllCases("null", "null"),
  ["~", "null"],
  ["", "null"],
  ["<<", "merge"],
  ["=", "value"],
]);

const LONGEST_WORD = Math.max(...[...WORDS.keys()].map((word) => word.length));

function inAllCases(word: string, type: ImplicitType): [string, ImplicitType][] {
  const capitalised = word.slice(0, 1).toUpperCase() + word.slice(1);
  return [word, capitalised, word.toUpperCase()].map((spelling) => [spelling, type]);
}

/** What a plain scalar is, judged by its first character and then by its form. */
export function implicitType(text: string): ImplicitType {
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (isDigit || first === 0x2b || first === 0x2d || first === 0x2e) {
    if (FLOAT.test(text)) return "float";
    if (INT.test(text)) return "int";
    return isDigit && TIMESTAMP.test(text) ? "timestamp" : "str";
  }
  return (text.length <= LONGEST_WORD && WORDS.get(text)) || "str";
}

/** True if the text, written plain, would be read as something else than text. */
export function isAmbiguousPlain(text: string): boolean {
  return implicitType(text) !== "str";
}

/** The value of an integer; undefined where the text is none. Explicit tags may bring any text here. */
export function readInt(text: string): number | bigint | undefined {
  const plain = text.replaceAll("_", "");
  if (/^-?[1-9]\d{0,14}$/.test(plain)) return Number(plain);
  const size = readMagnitude(plain.replace(/^[-+]/, ""));
  if (size === undefined) return undefined;
  const value = plain.startsWith("-") ? -size : size;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function readMagnitude(body: string): bigint | undefined {
  if (body.startsWith("0b")) return pythonInt(body.slice(2), 2);
  if (body.startsWith("0x")) return pythonInt(body.slice(2), 16);
  if (body.startsWith("0")) return pythonInt(body, 8);
  return body.split(":").reduce<bigint | undefined>((sum, part) => {
    const digit = pythonInt(part);
    return sum === undefined || digit === undefined ? undefined : sum * 60n + digit;
  }, 0n);
}

/** The value of a float; undefined where the text is none. */
export function readFloat(text: string): YamlFloat | undefined {
  const plain = text.replaceAll("_", "").toLowerCase();
  const sign = plain.startsWith("-") ? -1 : 1;
  const body = plain.replace(/^[-+]/, "");
  if (body === ".inf") return new YamlFloat(sign * Number.POSITIVE_INFINITY);
  if (body === ".nan") return new YamlFloat(Number.NaN);
  let value = 0;
  for (const part of body.split(":")) {
    const digit = pythonFloat(part);
    if (digit === undefined) return undefined;
    value = value * 60 + digit;
  }
  return new YamlFloat(sign * value);
}

const PARTS =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?)?$/;

/** The value of a timestamp; undefined where there is no such day or time. */
export function readTimestamp(text: string): YamlTimestamp | undefined {
  const match = PARTS.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (match[4] === undefined) return new YamlTimestamp({ year, month, day });
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  const microsecond = Number((match[7] ?? "").slice(0, 6).padEnd(6, "0"));
  const offset = offsetSeconds(match);
  if (hour > 23 || minute > 59 || second > 59 || Math.abs(offset ?? 0) >= 86_400) return undefined;
  const time: TimestampFields["time"] = {
    hour,
    minute,
    second,
    microsecond,
    ...(offset !== undefined && { offsetSeconds: offset }),
  };
  return new YamlTimestamp({ year, month, day, time });
}

function offsetSeconds(match: RegExpExecArray): number | undefined {
  if (match[8] === undefined) return undefined;
  const seconds = Number(match[10] ?? 0) * 3600 + Number(match[11] ?? 0) * 60;
  return match[9] === "-" ? 0 - seconds : seconds;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
