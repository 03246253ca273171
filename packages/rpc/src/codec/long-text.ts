import { isPlainObject } from "./unserializable.ts";

/** Below this the search costs as much as it saves. */
export const LONG_TEXT = 4096;

// Quotes, backslashes and control characters: what is none of these others.
const ESCAPED = /[^ !#-[\]-\uffff]/;

/**
 * What `JSON.stringify` writes, for JSON with long text in it. Node 20's looks at one character after the other for what
 * it has to escape; a search finds in half the time that there is nothing, and stops early where there is.
 *
 * @param value is JSON: nothing that `JSON.stringify` would drop, but for `undefined` members.
 */
export function stringifyLongText(value: unknown): string {
  if (typeof value === "string") return quote(value);
  if (!holdsLongText(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyLongText).join(",")}]`;
  const members: string[] = [];
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${stringifyLongText(member)}`);
  }
  return `{${members.join(",")}}`;
}

function quote(text: string): string {
  return text.length < LONG_TEXT || ESCAPED.test(text) || !text.isWellFormed()
    ? JSON.stringify(text)
    : `"${text}"`;
}

function holdsLongText(value: unknown): value is object {
  if (typeof value === "string") return value.length >= LONG_TEXT;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsLongText);
  if (!isPlainObject(value)) return false;
  for (const key in value) if (holdsLongText((value as Record<string, unknown>)[key])) return true;
  return false;
}
