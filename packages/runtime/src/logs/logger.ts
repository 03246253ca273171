import { currentRequestScope } from "@truss-chains/rpc";

export type LogLevel = "debug" | "info" | "warn" | "error" | "fatal";
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line per message. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
  /** Resolves when every line so far was handed to the operating system. */
  flush(): Promise<void>;
}

interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** Writes a line now. */
export type LineWriter = (level: LogLevel, message: string, fields: LogFields) => void;

/**
 * A logger whose writer is loaded with the first line, so that it costs the start nothing. Each line gets its time
 * and the ids of the request being served when it is logged, not when it is written.
 */
export function createLogger(load: () => Promise<LineWriter>): Logger {
  let write: LineWriter | undefined;
  let waiting: Line[] = [];
  let loading: Promise<void> | undefined;
  const start = async (): Promise<void> => {
    const loaded = await load();
    for (const line of waiting) loaded(line.level, line.message, line.fields);
    waiting = [];
    write = loaded;
  };
  return {
    log(level, message, fields) {
      const complete = { time: new Date().toISOString(), ...requestFields(), ...fields };
      if (write) return write(level, message, complete);
      waiting.push({ level, message, fields: complete });
      loading ??= start();
    },
    flush: async () => loading,
  };
}

/** The ids that tie the lines of one request, over all chainlets, together. */
function requestFields(): LogFields {
  const scope = currentRequestScope();
  if (!scope) return {};
  return {
    request_id: scope.requestId,
    ...(scope.chainRequestId !== undefined && { chain_request_id: scope.chainRequestId }),
    trace_id: scope.traceparent.split("-")[1] ?? scope.traceparent,
  };
}
