import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { ChainsError } from "@truss-chains/errors";
import { RECOVERED_AFTER_MS, restartDelay } from "./backoff.ts";
import { LastWords } from "./last-words.ts";

/** How a chainlet's process is. */
export type ChainletState = "starting" | "ready" | "crashed" | "stopped";

export interface ChainletProcessOptions {
  readonly name: string;
  /** Its truss directory, which holds `data/server.mjs`. */
  readonly directory: string;
  readonly port: number;
  readonly readinessPath: string;
  readonly env: Readonly<Record<string, string>>;
  /** What must be there before the process is started; when it fails, the start has. */
  prepare?(signal: AbortSignal): Promise<void>;
  onLine(line: string): void;
  onState(state: ChainletState, detail?: CrashReport): void;
}

/** How a process died. */
export interface CrashReport {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it wrote last. */
  readonly lastWords: readonly string[];
  /** Why it could not even be started. */
  readonly error?: ChainsError;
  readonly restartInMs: number;
}

// Resolved by Node itself: a process always runs the built package.
const GUARD = pathToFileURL(createRequire(import.meta.url).resolve("@truss-chains/dev/parent-guard")).href;
const DRAIN_MS = 10_000;

/** Keeps one chainlet's server running: starts it, watches over it, starts it again when it dies. */
export class ChainletProcess {
  readonly #options: ChainletProcessOptions;
  #child: ChildProcess | undefined;
  #stop = new AbortController();
  #supervision: Promise<void> = Promise.resolve();
  #state: ChainletState = "stopped";
  #waiting: (() => void)[] = [];

  constructor(options: ChainletProcessOptions) {
    this.#options = options;
  }

  get state(): ChainletState {
    return this.#state;
  }

  get name(): string {
    return this.#options.name;
  }

  start(): void {
    this.#stop = new AbortController();
    this.#supervision = this.#supervise(this.#stop.signal);
  }

  /** Resolves when the process left the state `starting`, in whatever direction. */
  async settled(): Promise<ChainletState> {
    while (this.#state === "starting") await new Promise<void>((done) => this.#waiting.push(done));
    return this.#state;
  }

  /** Lets requests under way finish, within limits, and ends the process. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), DRAIN_MS);
      await once(child, "exit");
      clearTimeout(timer);
    }
    await this.#supervision;
  }

  async #supervise(stopped: AbortSignal): Promise<void> {
    let crashes = 0;
    while (!stopped.aborted) {
      const startedAt = Date.now();
      const death = await this.#runOnce(stopped);
      if (stopped.aborted) break;
      crashes = Date.now() - startedAt > RECOVERED_AFTER_MS ? 1 : crashes + 1;
      const restartInMs = restartDelay(crashes);
      this.#become("crashed", { ...death, restartInMs });
      await sleep(restartInMs, undefined, { signal: stopped, ref: true }).catch(() => {});
    }
    this.#become("stopped");
  }

  async #runOnce(stopped: AbortSignal): Promise<Omit<CrashReport, "restartInMs">> {
    this.#become("starting");
    const refused = await this.#prepare(stopped);
    if (refused || stopped.aborted) return { code: null, signal: null, lastWords: [], ...refused };
    const words = new LastWords();
    const child = spawn(
      process.execPath,
      ["--import", GUARD, join(this.#options.directory, "data", "server.mjs")],
      {
        cwd: this.#options.directory,
        env: { ...process.env, ...this.#options.env },
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      },
    );
    this.#child = child;
    const listen = (line: string): void => {
      words.add(line);
      this.#options.onLine(line);
    };
    createInterface({ input: child.stdout! }).on("line", listen);
    createInterface({ input: child.stderr! }).on("line", listen);
    // `close`, not `exit`: only then all that it wrote has been read.
    const closed = once(child, "close") as Promise<[number | null, string | null]>;
    const gone = new AbortController();
    closed.finally(() => gone.abort()).catch(() => {});
    void this.#watchReadiness(AbortSignal.any([stopped, gone.signal]));
    const [code, signal] = await closed;
    return { code, signal, lastWords: words.lines };
  }

  async #prepare(stopped: AbortSignal): Promise<{ error: ChainsError } | undefined> {
    try {
      await this.#options.prepare?.(stopped);
      return undefined;
    } catch (thrown) {
      return { error: toChainsError(thrown) };
    }
  }

  async #watchReadiness(ended: AbortSignal): Promise<void> {
    const { port, readinessPath } = this.#options;
    while (!ended.aborted) {
      const ready = await fetch(`http://127.0.0.1:${port}${readinessPath}`, { signal: ended })
        .then(async (response) => {
          await response.body?.cancel();
          return response.ok;
        })
        .catch(() => false);
      if (ready && !ended.aborted) return this.#become("ready");
      await sleep(25, undefined, { signal: ended }).catch(() => {});
    }
  }

  #become(state: ChainletState, detail?: CrashReport): void {
    this.#state = state;
    this.#options.onState(state, detail);
    for (const done of this.#waiting.splice(0)) done();
  }
}

function toChainsError(thrown: unknown): ChainsError {
  if (thrown instanceof ChainsError) return thrown;
  return new ChainsError("INTERNAL", `Its start could not be prepared: ${(thrown as Error).message}`, {
    cause: thrown,
  });
}
