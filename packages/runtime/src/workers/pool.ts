import { Worker } from "node:worker_threads";
import { ChainsError } from "@truss-chains/errors";
import type { Handler } from "../handler/answer.ts";
import { failureAnswer } from "../handler/failure.ts";
import type { Health, HealthCheck } from "../lifecycle/health-check.ts";
import { inTime } from "../lifecycle/in-time.ts";
import type { Logger } from "../logs/logger.ts";
import type { Recorder } from "../metrics/meter.ts";
import { PortCaller } from "./call-through-port.ts";
import type { FromWorker } from "./messages.ts";

/** How long a busy worker may leave a health check unanswered before its last answer is taken again. */
const HEALTH_MS = 1_000;
const RESTART_MS = 1_000;

export interface PoolOptions {
  readonly chainlet: string;
  readonly threads: number;
  /** The module that every worker runs: the server's own entry module. */
  readonly entry: string;
  /** Whether the chainlet has an opinion of its health. */
  readonly hasHealthCheck: boolean;
  readonly logger: Logger;
  readonly meter: Recorder;
}

/** Threads that each hold an instance of the chainlet, so that a call that computes holds up no other. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #workers = new Set<PoolWorker>();
  #stopped = false;
  #said: Health = { ok: true };

  private constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** @throws ChainsError `STARTUP_FAILED` when a thread ended before it was ready; its own line in the log says why. */
  static async start(options: PoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    try {
      await Promise.all(Array.from({ length: options.threads }, () => pool.#add()));
    } catch (error) {
      await pool.stop();
      throw error;
    }
    return pool;
  }

  /** Gives each call to the worker with the fewest. */
  readonly handler: Handler = async (request) => {
    let best: PoolWorker | undefined;
    for (const worker of this.#workers) {
      if (!best || worker.caller.busy < best.caller.busy) best = worker;
    }
    if (best) return best.caller.call(request);
    return failureAnswer(
      new ChainsError("CHAINLET_NOT_READY", `${this.#options.chainlet} has no live worker thread.`),
    );
  };

  /** What a worker says; what one said last, while all are computing. */
  readonly health: HealthCheck = async () => {
    const { chainlet, hasHealthCheck } = this.#options;
    const [worker] = [...this.#workers].sort((a, b) => a.caller.busy - b.caller.busy);
    if (!worker) return { ok: false, reason: `${chainlet} has no live worker thread.` };
    if (!hasHealthCheck) return { ok: true };
    const asked = worker.caller.health().then((health) => {
      // That a thread died meanwhile says nothing of those that live.
      if (this.#workers.has(worker)) this.#said = health;
      return health;
    });
    return (await inTime(asked, HEALTH_MS)) ?? this.#said;
  };

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#workers].map(({ thread }) => thread.terminate()));
  }

  async #add(): Promise<void> {
    const { entry, logger, meter, chainlet } = this.#options;
    const thread = new Worker(entry);
    const worker: PoolWorker = { thread, caller: new PortCaller(thread) };
    await new Promise<void>((resolve, reject) => {
      thread.on("message", (message: FromWorker) => {
        if (message.kind === "metric") meter.series(message.metric, message.labels).add(message.value);
        else if (message.kind === "ready") {
          this.#workers.add(worker);
          resolve();
        }
      });
      // What it could not log itself: it ran out of memory, or its module did not load.
      thread.on("error", (error) =>
        logger.log("error", `A worker thread of ${chainlet} failed.`, { err: error }),
      );
      thread.on("exit", (code) => {
        worker.caller.fail();
        if (this.#workers.delete(worker) && !this.#stopped) {
          logger.log("error", `A worker thread of ${chainlet} ended with ${code}; another takes its place.`);
          this.#restart();
        }
        reject(
          new ChainsError("STARTUP_FAILED", `A worker thread of ${chainlet} ended before it was ready.`, {
            fix: "Its own line in this log says why.",
          }),
        );
      });
    });
  }

  /** A pause, so that a chainlet that dies at once does not keep a processor busy with dying. */
  #restart(): void {
    setTimeout(() => {
      if (this.#stopped) return;
      this.#add().catch(() => this.#restart());
    }, RESTART_MS);
  }
}

interface PoolWorker {
  readonly thread: Worker;
  readonly caller: PortCaller;
}
