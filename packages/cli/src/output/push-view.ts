import type { DeployedChainlet, PushEvent, PushStep } from "@truss-chains/baseten";
import { ChainsError } from "@truss-chains/errors";
import { CHAINLET_COLUMNS, chainletRows } from "./chainlet-rows.ts";
import { MovingStep } from "./moving-step.ts";
import { type Step, startStep } from "./step.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { WaitingTable } from "./waiting-table.ts";

const TITLES: Readonly<Record<PushStep, string>> = {
  build: "Building",
  check: "Checking",
  account: "Connecting",
  pack: "Packing",
  upload: "Uploading",
  deploy: "Deploying",
};

const WAITING = "Waiting until all are active. Ctrl-C leaves them to Baseten.";

/**
 * What a person sees of a push: steps that move, then a table of chainlets that is drawn again until all are active.
 * Off a terminal, lines; with `--json`, each event as a line of JSON on stderr.
 */
export class PushView {
  readonly #terminal: Terminal;
  readonly #moves: boolean;
  readonly #table: WaitingTable;
  readonly #states = new Map<string, string>();
  #step: Step | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#table = new WaitingTable(process.stderr, terminal.style, WAITING);
    this.#moves = process.stderr.isTTY === true && !terminal.json && !terminal.quiet;
  }

  readonly onEvent = (event: PushEvent): void => {
    if (this.#terminal.json) {
      process.stderr.write(`${JSON.stringify(event)}\n`);
      return;
    }
    if (event.type === "step") this.#showStep(event);
    else if (event.type === "chainlets") this.#showChainlets(event.chainlets);
    else this.#say(() => this.#terminal[event.type === "warning" ? "warn" : "note"](event.message));
  };

  /** Leaves what it has drawn where it is; what is said next stands below. */
  close(): void {
    this.#table.end();
  }

  /** Lets nothing move while a question is on the screen. */
  async paused<T>(work: () => Promise<T>): Promise<T> {
    return this.#step instanceof MovingStep ? this.#step.paused(work) : work();
  }

  /** Ends the step that is under way, and shows what the chain's own logs say of its failure. */
  fail(thrown: unknown): void {
    this.close();
    this.#step?.failed();
    this.#step = undefined;
    if (this.#terminal.json || !(thrown instanceof ChainsError) || thrown.code !== "DEPLOY_FAILED") return;
    const { logs = {} } = (thrown.data ?? {}) as { logs?: Record<string, readonly string[]> };
    for (const [chainlet, lines] of Object.entries(logs)) {
      if (lines.length === 0) continue;
      this.#terminal.error(`\n${this.#terminal.style.bold(chainlet)} said last:`);
      for (const line of lines) this.#terminal.error(`  ${this.#terminal.style.dim("│")} ${line}`);
    }
  }

  #say(write: () => void): void {
    if (this.#step instanceof MovingStep) this.#step.above(write);
    else write();
  }

  #showStep(event: Extract<PushEvent, { type: "step" }>): void {
    const title = TITLES[event.step];
    if (event.state === "start") {
      this.#step = this.#moves
        ? new MovingStep(process.stderr, this.#terminal.style, title, event.total)
        : startStep(this.#terminal, title, event.total);
    } else if (event.state === "progress") {
      this.#step?.update(title, event.done);
    } else {
      this.#step?.done(event.message);
      this.#step = undefined;
    }
  }

  #showChainlets(chainlets: readonly DeployedChainlet[]): void {
    const { style } = this.#terminal;
    const rows = chainletRows(chainlets, style);
    if (this.#moves) {
      this.#table.show(table(CHAINLET_COLUMNS, rows, this.#terminal));
      return;
    }
    rows.forEach(([name, state], index) => {
      const { id, status } = chainlets[index]!;
      if (this.#states.get(id) !== status) this.#terminal.note(`${name}: ${state}`);
      this.#states.set(id, status);
    });
  }
}
