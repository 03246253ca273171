import { inspect } from "node:util";
import type { LogFields } from "./logger.ts";

/** The fields of a line, as JSON can hold them, however odd they are. */
export function plainFields(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));
}

function plain(value: unknown): unknown {
  try {
    if (value instanceof Error) return { type: value.name, message: value.message, stack: value.stack };
    JSON.stringify(value);
    return value;
  } catch {
    return shown(value);
  }
}

/** An author's object may have getters and traps that throw. */
function shown(value: unknown): string {
  try {
    return inspect(value);
  } catch {
    return "[cannot be shown]";
  }
}
