import { LiveBlock } from "./live-block.ts";
import type { Step } from "./step.ts";
import type { Terminal } from "./terminal.ts";

const FRAMES = ["◒", "◐", "◓", "◑"];
const FRAME_MS = 80;
const WIDTH = 30;

/**
 * A step on a terminal that leaves the keyboard alone: Ctrl-C reaches the process as a signal, so that what is under
 * way can be ended in order. (The spinners of the prompt library end the process themselves.)
 */
export class MovingStep implements Step {
  readonly #block: LiveBlock;
  readonly #style: Terminal["style"];
  readonly #total: number | undefined;
  #timer: NodeJS.Timeout;
  #message: string;
  #reached = 0;
  #frame = 0;

  constructor(output: NodeJS.WriteStream, style: Terminal["style"], message: string, total?: number) {
    this.#block = new LiveBlock(output);
    this.#style = style;
    this.#message = message;
    this.#total = total;
    this.#draw();
    this.#timer = this.#start();
  }

  update(message: string, done = this.#reached): void {
    this.#message = message;
    this.#reached = done;
  }

  done(message: string): void {
    this.#end(`${this.#style.green("◆")} ${message}`);
  }

  failed(): void {
    this.#end(`${this.#style.red("▲")} ${this.#message}`);
  }

  /** Makes room for a line above; the step goes on below it. */
  above(write: () => void): void {
    this.#block.clear();
    write();
    this.#draw();
  }

  /** Stands aside, and goes on below what the work leaves. */
  async paused<T>(work: () => Promise<T>): Promise<T> {
    clearInterval(this.#timer);
    this.#block.clear();
    try {
      return await work();
    } finally {
      this.#draw();
      this.#timer = this.#start();
    }
  }

  #start(): NodeJS.Timeout {
    return setInterval(() => this.#draw(), FRAME_MS).unref();
  }

  #draw(): void {
    const { cyan } = this.#style;
    this.#block.draw(`${cyan(FRAMES[this.#frame++ % FRAMES.length]!)} ${this.#message}${this.#bar()}`);
  }

  #bar(): string {
    if (this.#total === undefined || this.#total === 0) return " …";
    const share = Math.min(1, this.#reached / this.#total);
    const full = Math.round(share * WIDTH);
    const { cyan, dim } = this.#style;
    return ` ${cyan("━".repeat(full))}${dim("─".repeat(WIDTH - full))} ${Math.floor(share * 100)}%`;
  }

  #end(line: string): void {
    clearInterval(this.#timer);
    this.#block.draw(line);
    this.#block.keep();
  }
}
