import { LiveBlock } from "./live-block.ts";
import type { Terminal } from "./terminal.ts";

const SECOND_MS = 1000;

/** A table that changes until something has come about, under a line that tells for how long. */
export class WaitingTable {
  readonly #block: LiveBlock;
  readonly #style: Terminal["style"];
  readonly #message: string;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;
  #table = "";

  constructor(output: NodeJS.WriteStream, style: Terminal["style"], message: string) {
    this.#block = new LiveBlock(output);
    this.#style = style;
    this.#message = message;
  }

  show(table: string): void {
    this.#table = table;
    if (!this.#timer) {
      this.#since = Date.now();
      this.#timer = setInterval(() => this.#draw(), SECOND_MS).unref();
    }
    this.#draw();
  }

  /** Leaves the table alone where it is. */
  end(): void {
    if (!this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#block.draw(`\n${this.#table}`);
    this.#block.keep();
  }

  #draw(): void {
    const { dim } = this.#style;
    const waited = `${this.#message}  ${durationText(Date.now() - this.#since)}`;
    this.#block.draw(`\n${this.#table}\n\n${dim(waited)}`);
  }
}

/** `4 s`, `3 min 07 s` */
function durationText(ms: number): string {
  const seconds = Math.floor(ms / SECOND_MS);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
