import { format, type InspectOptions, inspect } from "node:util";
import type { Logger, LogLevel } from "./logger.ts";

const LEVELS = {
  debug: "debug",
  log: "info",
  info: "info",
  warn: "warn",
  error: "error",
  trace: "debug",
  dirxml: "info",
} as const;

/** Turns what the process prints with `console` into log lines, so that they carry the ids of their request. */
export function captureConsole(logger: Logger): void {
  for (const [method, level] of Object.entries(LEVELS) as [keyof typeof LEVELS, LogLevel][]) {
    console[method] = (...parts: unknown[]) => logger.log(level, format(...parts));
  }
  // The other methods of Node's console print with these.
  console.dir = (value: unknown, options?: InspectOptions) =>
    logger.log("info", inspect(value, { customInspect: false, ...options }));
}
