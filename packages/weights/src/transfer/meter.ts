import type { TransferProgress } from "./events.ts";

const SPEED_WINDOW_MS = 3_000;

/** Turns totals into speed and time left. Times are milliseconds of any monotonic clock. */
export class Meter {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  constructor(
    private readonly totalBytes: number,
    private readonly totalFiles: number,
  ) {}

  measure(
    now: number,
    state: { readonly bytes: number; readonly files: number; readonly current: TransferProgress["current"] },
  ): TransferProgress {
    this.#samples.push({ at: now, bytes: state.bytes });
    while (this.#samples.length > 2 && now - this.#samples[0]!.at > SPEED_WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0]!;
    const elapsed = now - first.at;
    // What had to be thrown away makes the total go back.
    const bytesPerSecond = elapsed > 0 ? Math.max(0, ((state.bytes - first.bytes) * 1000) / elapsed) : 0;
    return {
      type: "progress",
      bytes: state.bytes,
      totalBytes: this.totalBytes,
      files: state.files,
      totalFiles: this.totalFiles,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? (this.totalBytes - state.bytes) / bytesPerSecond : null,
      current: state.current,
    };
  }
}
