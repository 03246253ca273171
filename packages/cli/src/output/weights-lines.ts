import type { TransferEvent } from "@truss-chains/weights";
import { formatBytes } from "./bytes.ts";
import { countFiles } from "./files.ts";

/** Between two lines of progress. */
export const WEIGHTS_EVERY_MS = 2_000;

/** One line about a transfer; `undefined` for events that need none. */
export type WeightsLine = { readonly level: "note" | "warn"; readonly text: string } | undefined;

/** Tells a transfer in lines that other lines may come between. What was there already is not worth one. */
export class WeightsLines {
  readonly #everyMs: number;
  readonly #now: () => number;
  readonly #warned = new Set<string>();
  #fetching = false;
  #last = 0;

  /** @param everyMs between two lines of progress */
  constructor(everyMs: number, now: () => number = () => performance.now()) {
    this.#everyMs = everyMs;
    this.#now = now;
  }

  take(event: TransferEvent): WeightsLine {
    switch (event.type) {
      case "start":
        this.#fetching = false;
        return undefined;
      case "waiting":
        return { level: "note", text: `waits for process ${event.pid}, which fetches the same weights` };
      case "warning":
        if (this.#warned.has(event.message)) return undefined;
        this.#warned.add(event.message);
        return { level: "warn", text: event.message };
      case "retry":
        return { level: "warn", text: `${event.file}: trying again, ${event.reason}` };
      case "file-start":
        if (!this.#fetching) this.#last = this.#now();
        this.#fetching = true;
        return undefined;
      case "file-done":
        return undefined;
      case "progress":
        if (!this.#fetching || event.files === event.totalFiles || !this.#isTime()) return undefined;
        return { level: "note", text: `fetching weights: ${progressText(event)}` };
      case "done":
        return this.#fetching
          ? {
              level: "note",
              text: `fetched its weights: ${countFiles(event.files)}, ${formatBytes(event.bytes)}`,
            }
          : undefined;
    }
  }

  #isTime(): boolean {
    if (this.#now() - this.#last < this.#everyMs) return false;
    this.#last = this.#now();
    return true;
  }
}

/** `1.2 GB of 2.3 GB, 80 MB/s, 14 s left` */
export function progressText(event: Extract<TransferEvent, { type: "progress" }>): string {
  const { bytes, totalBytes, bytesPerSecond, secondsLeft } = event;
  const left = secondsLeft === null ? "" : `, ${Math.ceil(secondsLeft)} s left`;
  return `${formatBytes(bytes)} of ${formatBytes(totalBytes)}, ${formatBytes(bytesPerSecond)}/s${left}`;
}
