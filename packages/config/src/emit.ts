import { isAmbiguousPlain } from "./dialect/resolve.ts";
import { numeralAt } from "./numerals.ts";
import { floatRepr } from "./python-repr.ts";
import { isRecord, type PlainRecord } from "./record.ts";

/** How a file writes its collections. */
export interface EmitStyle {
  readonly sortKeys: boolean;
  /** How far a list is indented below its key. */
  readonly listIndent: number;
}

/** The style of files that Truss writes. */
export const TRUSS_STYLE: EmitStyle = { sortKeys: true, listIndent: 0 };

/** The lines of a non-empty mapping, each with its line end. */
export function emitRecord(record: PlainRecord, indent: string, style: EmitStyle): string {
  const keys = Object.keys(record);
  let text = "";
  for (const key of style.sortKeys ? keys.sort() : keys) {
    text += emitPair(key, record[key], indent, style, numeral(record, key));
  }
  return text;
}

/** The lines of one key with its value. */
export function emitPair(
  key: string,
  value: unknown,
  indent: string,
  style: EmitStyle,
  spelling?: string,
): string {
  const name = emitText(key);
  // A reader may take only short keys on one line with their values.
  const lead = name.length > 120 ? `${indent}? ${name}\n${indent}:` : `${indent}${name}:`;
  return lead + emitAfterKey(value, indent, style, spelling);
}

/** What follows `key:`, with its line end. */
export function emitAfterKey(value: unknown, indent: string, style: EmitStyle, spelling?: string): string {
  if (Array.isArray(value) && value.length > 0) {
    return `\n${emitList(value, indent + " ".repeat(style.listIndent), style)}`;
  }
  if (isRecord(value) && Object.keys(value).length > 0) return `\n${emitRecord(value, `${indent}  `, style)}`;
  return ` ${emitInline(value, indent, spelling)}\n`;
}

/** The lines of a non-empty list. */
function emitList(list: readonly unknown[], indent: string, style: EmitStyle): string {
  return list.map((item, index) => emitItem(item, indent, style, numeral(list, index))).join("");
}

/** The lines of one item of a list. */
export function emitItem(item: unknown, indent: string, style: EmitStyle, spelling?: string): string {
  const deeper = `${indent}  `;
  if (isRecord(item) && Object.keys(item).length > 0) {
    return `${indent}- ${emitRecord(item, deeper, style).slice(deeper.length)}`;
  }
  if (Array.isArray(item) && item.length > 0)
    return `${indent}- ${emitList(item, deeper, style).slice(deeper.length)}`;
  return `${indent}- ${emitInline(item, indent, spelling)}\n`;
}

function emitInline(value: unknown, indent: string, spelling?: string): string {
  if (Array.isArray(value)) return "[]";
  if (isRecord(value)) return "{}";
  if (typeof value === "string" && value.includes("\n") && isBlockSafe(value))
    return emitBlock(value, indent);
  return emitScalar(value, spelling);
}

/** Any value on one line, as it may stand between brackets. */
export function emitFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(emitFlow).join(", ")}]`;
  if (!isRecord(value)) return emitScalar(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${emitText(key)}: ${emitFlow(item)}`)
    .join(", ")}}`;
}

/** A single value on one line. */
function emitScalar(value: unknown, spelling?: string): string {
  if (typeof value === "string") return emitText(value);
  if (typeof value === "number") return spelling ?? emitNumber(value);
  return String(value);
}

function numeral(container: object, key: string | number): string | undefined {
  const value = (container as Record<string | number, unknown>)[key];
  return typeof value === "number" ? numeralAt(container, key, value) : undefined;
}

function emitNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Number.isInteger(value) && !Object.is(value, -0)) return BigInt(value).toString();
  // A float needs a point even before an exponent: 1e-07 would be text.
  return floatRepr(value).replace(/^(-?\d+)e/, "$1.0e");
}

// What may begin a plain scalar, and what may never be inside one, be it between brackets or not.
const PLAIN_START = /^(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=[^\s,[\]{}]))/;
const NOT_PLAIN = /: |:$|:(?=[,[\]{}])| #|[[\]{},?]|^\s|\s$|^---|^\.\.\./;
/** Text in YAML 1.1, but a number or boolean to readers of YAML 1.2 or of the letter of 1.1. */
const READ_DIFFERENTLY = /^(?:[yn]|[-+]?\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?|0o[0-7]+|[-+]?\.(?:inf|nan))$/i;

function emitText(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) return emitDoubleQuoted(text);
  const isPlain =
    PLAIN_START.test(text) &&
    !NOT_PLAIN.test(text) &&
    !isAmbiguousPlain(text) &&
    !READ_DIFFERENTLY.test(text);
  return isPlain ? text : emitSingleQuoted(text);
}

export function emitSingleQuoted(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : emitDoubleQuoted(text);
}

function isBlockSafe(text: string): boolean {
  return /^[\n\x20-\x7e]+$/.test(text) && !/^[\n ]/.test(text) && !/ $/m.test(text);
}

function emitBlock(text: string, indent: string): string {
  const trailing = /\n*$/.exec(text)?.[0].length ?? 0;
  const chomp = trailing === 0 ? "-" : trailing === 1 ? "" : "+";
  const body = trailing === 0 ? text : text.slice(0, -1);
  const lines = body.split("\n").map((line) => (line === "" ? "" : `${indent}  ${line}`));
  return `|${chomp}\n${lines.join("\n")}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
};

export function emitDoubleQuoted(text: string): string {
  const body = text.replace(/[^\x20-\x7e]|["\\]/gu, (char) => {
    const known = ESCAPES[char];
    if (known) return known;
    const code = char.codePointAt(0) as number;
    if (code <= 0xff) return `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
    if (code <= 0xffff) return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
    return `\\U${code.toString(16).toUpperCase().padStart(8, "0")}`;
  });
  return `"${body}"`;
}
