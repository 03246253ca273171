import type { ChainletState, CrashReport, DevReporter, DevSession } from "@truss-chains/dev";
import type { ChainsError } from "@truss-chains/errors";
import type { TransferEvent } from "@truss-chains/weights";
import { localCall } from "./local-call.ts";
import { logLine } from "./log-line.ts";
import { renderError } from "./render-error.ts";
import { table } from "./table.ts";
import type { Terminal } from "./terminal.ts";
import { WEIGHTS_EVERY_MS, WeightsLines } from "./weights-lines.ts";

/** What `chains dev` shows: states, log lines under the name of their chainlet, and why a change did not build. */
export class DevView implements DevReporter {
  readonly #terminal: Terminal;
  readonly #colors = new Map<string, (text: string) => string>();
  readonly #weights = new Map<string, WeightsLines>();
  readonly #failedStarts = new Map<string, string>();
  readonly #foreign = new Set<string>();
  /** The chainlet whose line was the last that was shown. */
  #speaker: string | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  ready(session: DevSession, states: Readonly<Record<string, ChainletState>>, watches: boolean): void {
    const { json, resultStyle } = this.#terminal;
    const { name, entrypoint, nodes } = session.chain.graph;
    if (json) {
      this.#terminal.writeJson({
        chain: name,
        entrypoint,
        url: session.url,
        chainlets: session.urls,
        states,
      });
      return;
    }
    const rows = Object.entries(session.urls).map(([chainlet, url]) => [
      chainlet === entrypoint ? `${chainlet} (entrypoint)` : chainlet,
      states[chainlet] ?? "starting",
      url,
    ]);
    this.#terminal.note(table(["chainlet", "state", "address"], rows, this.#terminal));
    const where = states[entrypoint] === "ready" ? "is" : "has not started, and will be";
    this.#terminal.result(`\n${resultStyle.bold(name)} ${where} at ${resultStyle.cyan(session.url)}`);
    this.#terminal.note(
      [
        `  ${localCall(session.url, nodes.at(-1)!.endpoint)}`,
        watches ? "Watching for changes. Ctrl-C stops." : "Ctrl-C stops.",
      ].join("\n"),
    );
  }

  onLine(chainlet: string, line: string): void {
    this.#say(chainlet, logLine(line, this.#terminal.style, chainlet));
  }

  onState(chainlet: string, state: ChainletState, crash?: CrashReport): void {
    const { style } = this.#terminal;
    if (state === "crashed" && crash?.error) {
      void this.#tellFailedStart(chainlet, crash.error, crash.restartInMs);
    } else if (state === "crashed" && crash) {
      const how = crash.signal ? `killed by ${crash.signal}` : `exit code ${crash.code}`;
      // What stands right above need not be said again.
      const words = this.#speaker === chainlet ? [] : crash.lastWords;
      this.#terminal.warn(
        `${chainlet} crashed (${how}); next start in ${crash.restartInMs / 1000} s.${words.length > 0 ? " Its last words:" : ""}`,
      );
      for (const line of words) this.#terminal.error(`  ${style.dim("│")} ${logLine(line, style)}`);
    }
  }

  onReload(chainlets: readonly string[]): void {
    this.#terminal.note(
      chainlets.length === 0
        ? "Changed, but no chainlet's code is different."
        : `Changed: starting ${chainlets.join(", ")} again.`,
    );
  }

  onBroken(error: ChainsError): void {
    void renderError(error, this.#terminal).then((text) => {
      this.#terminal.error(`${text}\n`);
      this.#terminal.warn("The change does not build; what ran before goes on.");
    });
  }

  onSlowStart(chainlets: readonly string[]): void {
    this.#terminal.warn(
      `Not ready yet: ${chainlets.join(", ")}. A constructor, cached weights or isHealthy has not finished.`,
    );
  }

  onMissingSecrets(names: readonly string[]): void {
    const [what, them] = names.length === 1 ? ["secret", "it"] : ["secrets", "them"];
    this.#terminal.warn(
      `No value for the ${what} ${names.join(", ")}: set ${them} in the environment or in .env.`,
    );
  }

  onWeights(chainlet: string, event: TransferEvent): void {
    const lines = this.#weights.get(chainlet) ?? new WeightsLines(WEIGHTS_EVERY_MS);
    this.#weights.set(chainlet, lines);
    const line = lines.take(event);
    if (line?.level === "warn") this.#terminal.warn(`${chainlet}: ${line.text}`);
    else if (line) this.#say(chainlet, line.text);
  }

  onForeign(chainlet: string, address: string): void {
    if (this.#foreign.has(chainlet)) return;
    this.#foreign.add(chainlet);
    this.#terminal.note(`${chainlet} is called at ${address}.`);
  }

  async #tellFailedStart(chainlet: string, error: ChainsError, restartInMs: number): Promise<void> {
    const isNew = this.#failedStarts.get(chainlet) !== error.message;
    this.#failedStarts.set(chainlet, error.message);
    if (isNew) this.#terminal.error(await renderError(error, this.#terminal));
    const why = isNew ? "" : " for the same reason";
    this.#terminal.warn(`${chainlet} could not start${why}; next try in ${restartInMs / 1000} s.`);
  }

  #say(chainlet: string, text: string): void {
    if (this.#terminal.quiet || this.#terminal.json) return;
    this.#terminal.error(`${this.#colorOf(chainlet)(chainlet)} ${text}`);
    this.#speaker = chainlet;
  }

  #colorOf(chainlet: string): (text: string) => string {
    const { cyan, magenta, blue, yellow, green } = this.#terminal.style;
    const palette = [cyan, magenta, blue, yellow, green];
    const color = this.#colors.get(chainlet) ?? palette[this.#colors.size % palette.length]!;
    this.#colors.set(chainlet, color);
    return color;
  }
}
