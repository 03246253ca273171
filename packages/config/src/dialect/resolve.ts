import { type TimestampFields, YamlFloat, YamlTimestamp } from "./values.ts";

/** The implicit types of plain scalars, as YAML 1.1 and PyYAML have them. */
export type ImplicitType = "bool" | "float" | "int" | "merge" | "null" | "timestamp" | "value" | "str";

const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const TIMESTAMP =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

/** What a plain scalar is, judged by its first character and then by its form. */
export function implicitType(text: string): ImplicitType {
  if (text === "") return "null";
  const first = text.charCodeAt(0);
  const isDigit = first >= 0x30 && first <= 0x39;
  if (isDigit || first === 0x2b || first === 0x2d || first === 0x2e) {
    if (FLOAT.test(text)) return "float";
    if (INT.test(text)) return "int";
    return isDigit && TIMESTAMP.test(text) ? "timestamp" : "str";
  }
  if (text === "<<") return "merge";
  if (text === "=") return "value";
  if (text.length <= 5) {
    if (BOOL.test(text)) return "bool";
    if (NULL.test(text)) return "null";
  }
  return "str";
}

/** True if the text, written plain, would be read as something else than text. */
export function isAmbiguousPlain(text: string): boolean {
  return implicitType(text) !== "str";
}

/** Python's own limit on the digits of an integer. */
const MOST_DIGITS = 4300;

/** The value of an integer; undefined where it has no digits, or too many. */
export function readInt(text: string): number | bigint | undefined {
  const plain = text.replaceAll("_", "");
  const sign = plain.startsWith("-") ? -1n : 1n;
  const body = plain.replace(/^[-+]/, "");
  if (/^(?:0|[1-9]\d{0,14})$/.test(body)) return Number(sign) * Number(body) + 0;
  const size = readMagnitude(body);
  return size === undefined ? undefined : exact(sign * size);
}

function readMagnitude(body: string): bigint | undefined {
  if (body.startsWith("0b")) return /^0b[01]+$/.test(body) ? BigInt(body) : undefined;
  if (body.startsWith("0x")) return /^0x[0-9a-f]+$/i.test(body) ? BigInt(body) : undefined;
  if (body.includes(":")) {
    const parts = body.split(":");
    return parts.every((part) => /^\d+$/.test(part))
      ? parts.reduce((sum, part) => sum * 60n + BigInt(part), 0n)
      : undefined;
  }
  if (body.startsWith("0") && body !== "0")
    return /^0[0-7]+$/.test(body) ? BigInt(`0o${body.slice(1)}`) : undefined;
  return /^\d+$/.test(body) && body.length <= MOST_DIGITS ? BigInt(body) : undefined;
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The value of a float; undefined where the text is none. */
export function readFloat(text: string): YamlFloat | undefined {
  const plain = text.replaceAll("_", "").toLowerCase();
  const sign = plain.startsWith("-") ? -1 : 1;
  const body = plain.replace(/^[-+]/, "");
  if (body === ".inf") return new YamlFloat(sign * Number.POSITIVE_INFINITY);
  if (body === ".nan") return new YamlFloat(Number.NaN);
  const parts = body.split(":").map(toFloat);
  if (parts.some((part) => part === undefined)) return undefined;
  return new YamlFloat(sign * parts.reduce<number>((sum, part) => sum * 60 + (part as number), 0));
}

function toFloat(text: string): number | undefined {
  if (/^(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(text)) return Number(text);
  if (/^[-+]?inf(?:inity)?$/.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[-+]?nan$/.test(text) ? Number.NaN : undefined;
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
