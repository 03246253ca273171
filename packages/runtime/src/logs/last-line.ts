import { inspect } from "node:util";
import type { LogFields, LogLevel } from "./logger.ts";

/** A line of a process that ends before its writer was loaded: plainer than the writer's, and never a failure. */
export function lastLine(level: LogLevel, message: string, fields: LogFields): string {
  const known = Object.entries(fields).map(([name, value]) => [name, fieldOf(value)]);
  return `${JSON.stringify({ level, ...Object.fromEntries(known), msg: message })}\n`;
}

function fieldOf(value: unknown): unknown {
  if (value instanceof Error) return { type: value.name, message: value.message, stack: value.stack };
  try {
    JSON.stringify(value);
    return value;
  } catch {
    return inspect(value);
  }
}
