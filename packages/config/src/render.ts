import { isAmbiguousPlain } from "./dialect/resolve.ts";
import { type DumpOptions, toDict } from "./dump.ts";
import { numeralAt } from "./numerals.ts";
import { floatRepr } from "./python-repr.ts";
import { isRecord, type PlainRecord } from "./record.ts";
import type { TrussConfig } from "./schema/truss-config.ts";

/** The comment by which editors find the schema of a config.yaml. */
export const SCHEMA_COMMENT =
  "# yaml-language-server: $schema=https://raw.githubusercontent.com/basetenlabs/truss/main/truss/config.schema.json";

export interface RenderOptions extends DumpOptions {
  /** Begins the text with the comment by which editors find the schema. */
  readonly schemaComment?: boolean;
}

/**
 * The config as YAML that every reader of YAML 1.1 and 1.2 understands alike. Keys are sorted, as Truss writes them, so
 * that equal configs give equal texts.
 */
export function renderConfig(config: TrussConfig, options: RenderOptions = {}): string {
  const body = renderYaml(toDict(config, options));
  return options.schemaComment ? `${SCHEMA_COMMENT}\n${body}` : body;
}

/** Plain JSON data as block-style YAML. */
export function renderYaml(value: Record<string, unknown>): string {
  return Object.keys(value).length === 0 ? "{}\n" : renderRecord(value, "");
}

function renderRecord(record: PlainRecord, indent: string): string {
  let text = "";
  for (const key of Object.keys(record).sort()) {
    const name = renderText(key, indent, true);
    // A reader may take only short keys on one line with their values.
    const lead = name.length > 120 ? `${indent}? ${name}\n${indent}:` : `${indent}${name}:`;
    text += lead + renderValue(record[key], indent, numeral(record, key));
  }
  return text;
}

function renderList(list: readonly unknown[], indent: string): string {
  let text = "";
  for (const [index, item] of list.entries()) {
    const deeper = `${indent}  `;
    if (isRecord(item) && Object.keys(item).length > 0) {
      text += `${indent}- ${renderRecord(item, deeper).slice(deeper.length)}`;
    } else if (Array.isArray(item) && item.length > 0) {
      text += `${indent}- ${renderList(item, deeper).slice(deeper.length)}`;
    } else text += `${indent}-${renderValue(item, indent, numeral(list, index))}`;
  }
  return text;
}

/** What follows `key:` or `-`, with its line end. */
function renderValue(value: unknown, indent: string, spelling: string | undefined): string {
  if (Array.isArray(value)) return value.length === 0 ? " []\n" : `\n${renderList(value, indent)}`;
  if (isRecord(value)) {
    return Object.keys(value).length === 0 ? " {}\n" : `\n${renderRecord(value, `${indent}  `)}`;
  }
  return ` ${renderScalar(value, indent, spelling)}\n`;
}

function numeral(container: object, key: string | number): string | undefined {
  const value = (container as Record<string | number, unknown>)[key];
  return typeof value === "number" ? numeralAt(container, key, value) : undefined;
}

/** One value on one line, or as a block below it. `indent` is that of the line it stands on. */
export function renderScalar(value: unknown, indent = "", spelling?: string): string {
  if (typeof value === "string") return renderText(value, indent, false);
  if (typeof value === "number") return spelling ?? renderNumber(value);
  return String(value);
}

function renderNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  if (Number.isInteger(value) && !Object.is(value, -0)) return BigInt(value).toString();
  // A float needs a point even before an exponent: 1e-07 would be text.
  return floatRepr(value).replace(/^(-?\d+)e/, "$1.0e");
}

const PRINTABLE = /^[\x20-\x7e]*$/;
// What may begin a plain scalar, and what may never be inside one.
const PLAIN_START = /^(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=[^\s,[\]{}]))/;
const NOT_PLAIN = /: |:$| #|[[\]{},]|^\s|\s$|^---|^\.\.\./;

function renderText(text: string, indent: string, isKey: boolean): string {
  if (!isKey && text.includes("\n") && isBlockSafe(text)) return renderBlock(text, indent);
  if (!PRINTABLE.test(text)) return renderQuoted(text);
  const plain =
    PLAIN_START.test(text) &&
    !NOT_PLAIN.test(text) &&
    !isAmbiguousPlain(text) &&
    !READ_DIFFERENTLY.test(text);
  return plain ? text : `'${text.replaceAll("'", "''")}'`;
}

/** Text in YAML 1.1, but a number or boolean to readers of YAML 1.2 or of the letter of 1.1. */
const READ_DIFFERENTLY = /^(?:[yn]|[-+]?\d[\d_]*(?:\.\d*)?(?:e[-+]?\d+)?|0o[0-7]+|[-+]?\.(?:inf|nan))$/i;

function isBlockSafe(text: string): boolean {
  return /^[\n\x20-\x7e]+$/.test(text) && !/^[\n ]/.test(text) && !/ $/m.test(text);
}

function renderBlock(text: string, indent: string): string {
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

function renderQuoted(text: string): string {
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
