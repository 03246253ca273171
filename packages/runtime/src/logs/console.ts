import { format } from "node:util";
import type { Logger, LogLevel } from "./logger.ts";

const LEVELS = {
  debug: "debug",
  log: "info",
  info: "info",
  warn: "warn",
  error: "error",
  trace: "debug",
} as const;

/** Turns what the process prints with `console` into log lines, so that they carry the ids of their request. */
export function captureConsole(logger: Logger): void {
  for (const [method, level] of Object.entries(LEVELS) as [keyof typeof LEVELS, LogLevel][]) {
    console[method] = (...parts: unknown[]) => logger.log(level, format(...parts));
  }
}
