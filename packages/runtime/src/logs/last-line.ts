import type { LogFields, LogLevel } from "./logger.ts";
import { plainFields } from "./plain-fields.ts";

/** A line of a process that ends before its writer was loaded: plainer than the writer's, and never a failure. */
export function lastLine(level: LogLevel, message: string, fields: LogFields): string {
  return `${JSON.stringify({ level, ...plainFields(fields), msg: message })}\n`;
}
