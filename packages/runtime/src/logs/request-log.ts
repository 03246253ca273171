import type { RequestLog } from "@truss-chains/core";
import type { Logger } from "./logger.ts";

/** The log that a chainlet gets. The logger itself adds the ids of the request. */
export function toRequestLog(logger: Logger): RequestLog {
  return {
    debug: (message, fields) => logger.log("debug", message, fields),
    info: (message, fields) => logger.log("info", message, fields),
    warn: (message, fields) => logger.log("warn", message, fields),
    error: (message, fields) => logger.log("error", message, fields),
  };
}
