import { writeSync } from "node:fs";
import { currentRequestScope } from "@truss-chains/rpc";
import { blankSecrets } from "./blank-secrets.ts";
import { lastLine } from "./last-line.ts";
import { besideOwn } from "./own-names.ts";
import { plainFields } from "./plain-fields.ts";

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

/** The descriptor; the stream of a worker thread has none. */
const STDOUT = 1;

/** By this time after its first line a chainlet is ready, and has answered its first probe. */
const LOAD_AFTER_MS = 50;

/**
 * A logger whose writer is loaded a moment after the first line, so that it costs the start nothing. Each line gets
 * its time and the ids of the request being served when it is logged, not when it is written. What waits when the
 * process exits is written then.
 *
 * @param secrets values that are blanked in what is written at the exit, as the writer does it; may grow
 */
export function createLogger(load: () => Promise<LineWriter>, secrets: ReadonlySet<string>): Logger {
  let write: LineWriter | undefined;
  let waiting: Line[] = [];
  let loading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = async (): Promise<void> => {
    const loaded = unfailing(await load());
    process.off("exit", writeRest);
    for (const line of waiting) loaded(line.level, line.message, line.fields);
    waiting = [];
    write = loaded;
  };
  const writeRest = (): void => {
    const lines = waiting.map(({ level, message, fields }) => lastLine(level, message, fields));
    writeSync(STDOUT, blankSecrets(lines.join(""), secrets));
  };
  return {
    log(level, message, fields) {
      const complete = { time: new Date().toISOString(), ...requestFields(), ...readable(fields) };
      if (write) return write(level, message, complete);
      waiting.push({ level, message, fields: complete });
      if (timer) return;
      process.once("exit", writeRest);
      timer = setTimeout(() => {
        loading ??= start();
      }, LOAD_AFTER_MS);
    },
    async flush() {
      if (waiting.length > 0) loading ??= start();
      await loading;
    },
  };
}

/** Whatever is logged, there is a line, and whoever logs goes on. */
function unfailing(write: LineWriter): LineWriter {
  return (level, message, fields) => {
    try {
      write(level, message, fields);
    } catch {
      write(level, message, plainFields(fields));
    }
  };
}

/** The fields as they are now; one that throws when it is read takes the others with it. */
function readable(fields: LogFields | undefined): LogFields {
  try {
    return fields ? besideOwn(fields) : {};
  } catch {
    return {};
  }
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
