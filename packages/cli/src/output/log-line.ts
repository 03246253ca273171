import { formatLocation, type Location } from "@truss-chains/errors";
import { isLoggedError, loggedErrorLines } from "./logged-error.ts";
import type { Terminal } from "./terminal.ts";

const HIDDEN = new Set(["level", "time", "msg", "message", "pid", "hostname", "chainlet"]);

/**
 * A server's JSON log line for a person: its message, then those of its fields that the message does not hold, then,
 * in lines of their own, errors and texts of several lines. Any other line comes out as it is.
 *
 * @param subject what stands before the line, and need not be said again.
 */
export function logLine(line: string, style: Terminal["style"], subject = ""): string {
  const entry = parse(line);
  if (!entry) return line;
  const whole = String(entry.msg ?? entry.message ?? "");
  const message = subject !== "" && whole.startsWith(`${subject} `) ? whole.slice(subject.length + 1) : whole;
  const words = new Set(whole.split(/[\s.,;:]+/));
  const shown = Object.entries(entry).filter(
    ([key, value]) => !HIDDEN.has(key) && !isTold(value, whole, words),
  );
  const below = shown.filter(([, value]) => isLoggedError(value) || isLong(value));
  const fields = shown
    .filter((field) => !below.includes(field))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const lines = below.flatMap(([key, value]) =>
    isLoggedError(value) ? loggedErrorLines(value) : `${key}: ${value}`.split("\n"),
  );
  const first = `${colorOf(entry.level, style)(message)} ${style.dim(fields.join(" "))}`.trimEnd();
  return [first, ...lines.map((text) => `  ${text}`)].join("\n");
}

/** Whether a message holds a field's value: a word of it, a sentence, or a place. */
function isTold(value: unknown, message: string, words: ReadonlySet<string>): boolean {
  const isPlace = typeof value === "object" && value !== null && "className" in value;
  const text = isPlace ? formatLocation(value as Location) : String(value);
  return words.has(text) || (/[ .]/.test(text) && message.includes(text));
}

function isLong(value: unknown): boolean {
  return typeof value === "string" && value.includes("\n");
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Not every line that starts like an object is one: a chainlet may print what it likes.
    return undefined;
  }
}

function colorOf(level: unknown, style: Terminal["style"]): (text: string) => string {
  const rank =
    typeof level === "number" ? level : { debug: 20, info: 30, warn: 40, error: 50 }[String(level)];
  if (rank === undefined || rank === 30) return (text) => text;
  return rank > 40 ? style.red : rank > 30 ? style.yellow : style.dim;
}
