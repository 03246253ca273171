import type { LogLevel } from "../settings.ts";
import { LOG_LEVELS } from "../settings.ts";
import type { TransferEvent, TransferProgress } from "../transfer/events.ts";
import { formatBytes, formatSeconds, printable } from "./format.ts";

/** Shows the events of a transfer somewhere. */
export interface Reporter {
  event(event: TransferEvent): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

/** One line of JSON for each event. */
export function jsonReporter(write: (text: string) => void): Reporter {
  return { event: (event) => write(`${JSON.stringify(event)}\n`), end: () => {} };
}

/** Lines for logs: what happens, and the progress now and then. */
export function lineReporter(
  write: (text: string) => void,
  options: { readonly level: LogLevel; readonly progressEveryMs: number; readonly now?: () => number },
): Reporter {
  const { now = () => performance.now() } = options;
  let last = now();
  const log = (level: LogLevel, text: string) => {
    if (LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(options.level))
      write(`${level.toUpperCase()} ${text}\n`);
  };
  return {
    event: (event) => {
      if (event.type === "progress") {
        if (now() - last < options.progressEveryMs) return;
        last = now();
        log("info", summary(event));
        return;
      }
      const described = describe(event);
      if (described !== undefined) log(...described);
    },
    end: () => {},
  };
}

/** Total and the files in progress, redrawn in place; everything else scrolls by above. */
export function terminalReporter(
  write: (text: string) => void,
  options: { readonly columns: number; readonly level: LogLevel },
): Reporter {
  const lines = lineReporter((text) => above(text), {
    level: options.level,
    progressEveryMs: Number.POSITIVE_INFINITY,
  });
  const shown = Math.min(6, Math.max(1, Math.floor(options.columns / 20)));
  let drawn: string[] = [];
  const erase = () => drawn.map(() => "\u001b[1A\u001b[2K").join("");
  const draw = (next: string[]) => {
    const text = erase() + next.map((line) => `${line.slice(0, options.columns - 1)}\n`).join("");
    drawn = next;
    write(text);
  };
  const above = (text: string) => {
    const current = drawn;
    write(erase() + text);
    drawn = [];
    draw(current);
  };
  return {
    event: (event) => {
      if (event.type !== "progress") {
        if (event.type !== "file-start") lines.event(event);
        return;
      }
      const files = event.current.slice(0, shown).map(({ file, bytes, size }) => {
        return `  ${bar(bytes, size, 12)} ${printable(file)} ${formatBytes(bytes)} of ${formatBytes(size)}`;
      });
      draw([`${bar(event.bytes, event.totalBytes, 24)} ${summary(event)}`, ...files]);
    },
    end: () => draw([]),
  };
}

function describe(event: Exclude<TransferEvent, TransferProgress>): [LogLevel, string] | undefined {
  switch (event.type) {
    case "start":
      return ["info", `${event.files} files, ${formatBytes(event.bytes)}`];
    case "waiting":
      return ["info", `waiting for process ${event.pid}, which is writing ${event.target}`];
    case "file-start":
      return event.resumed > 0
        ? ["info", `${printable(event.file)}: continuing after ${formatBytes(event.resumed)}`]
        : ["debug", `${printable(event.file)}: fetching ${formatBytes(event.bytes)}`];
    case "file-done": {
      const how = event.verified === null ? "no hash to compare" : `${event.verified} matches`;
      const speed = event.seconds > 0 ? ` at ${formatBytes(event.bytes / event.seconds)}/s` : "";
      const place = { present: "already there", cache: "from the shared cache", origin: `fetched${speed}` }[
        event.from
      ];
      return ["info", `${printable(event.file)}: ${formatBytes(event.bytes)} ${place}, ${how}`];
    }
    case "retry":
      return [
        "warn",
        `${printable(event.file)}: trying again in ${Math.round(event.waitMs)} ms, ${printable(event.reason)}`,
      ];
    case "warning":
      return ["warn", printable(event.message)];
    case "done":
      return ["info", `all ${event.files} files in place after ${formatSeconds(event.seconds)}`];
  }
}

function summary(progress: TransferProgress): string {
  const { bytes, totalBytes, files, totalFiles, bytesPerSecond, secondsLeft } = progress;
  const left = secondsLeft === null ? "" : `, ${formatSeconds(secondsLeft)} left`;
  return `${formatBytes(bytes)} of ${formatBytes(totalBytes)}, ${files} of ${totalFiles} files, ${formatBytes(bytesPerSecond)}/s${left}`;
}

function bar(done: number, total: number, width: number): string {
  const filled = total === 0 ? width : Math.min(width, Math.floor((done / total) * width));
  return `[${"=".repeat(filled)}${" ".repeat(width - filled)}]`;
}
