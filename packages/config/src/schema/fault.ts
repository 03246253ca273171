import { YamlMap, YamlValue } from "../dialect/values.ts";
import { excerpt, Fault, quote } from "../rules/fault.ts";
import type { Findings } from "./reader.ts";

const MISSING = "A required value is missing.";

/** A required value is not there. Who knows its key names it in the message. */
export const missingValue = (): Fault => new Fault(MISSING, "Add it.");

/** The message of a fault at `path`: of what is missing it tells the key. */
export function messageAt(message: string, path: readonly PropertyKey[]): string {
  const key = path.at(-1);
  return message === MISSING && typeof key === "string" ? `\`${key}\` is missing.` : message;
}

/** Reports a fault at `path` below the value that is read; the fix travels in the issue's `params`. */
export function report(findings: Findings, fault: Fault, path: readonly (string | number)[] = []): void {
  findings.issues.push({
    code: "custom",
    message: fault.message,
    path: [...path],
    ...(fault.fix !== undefined && { params: { fix: fault.fix } }),
    input: undefined,
  });
}

/** Names a value in a message: `the number 4`, `the text "abc"`, `a list`. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return value === "" ? "empty text" : `the text ${quote(value)}`;
  if (typeof value === "boolean") return `the boolean ${value}`;
  if (typeof value === "number" || typeof value === "bigint") return `the number ${excerpt(String(value))}`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (value instanceof YamlMap) return "a mapping with keys that are not text";
  if (value instanceof YamlValue) return value.describe();
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty mapping" : "a mapping";
  return `a ${typeof value}`;
}

/** The kind of a value that must not be shown, because it may be a secret. */
export function describeKind(value: unknown): string {
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (value instanceof YamlValue) return "a value of another type";
  return describe(value);
}
