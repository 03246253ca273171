import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { safeRelativePath } from "../paths/safe-path.ts";
import { type MetricSample, transferMetrics } from "../run/metrics.ts";
import type { TransferStats } from "../run/stats.ts";
import type { TransferEvent, TransferProgress } from "../transfer/events.ts";
import type { Background } from "./background.ts";
import { NEVER_AWAITED } from "./never-awaited.ts";

/** After this long, somebody should have asked for the weights. */
const PATIENCE_MS = 20_000;

export type ResolverState = "nothing-to-do" | "running" | "done" | "failed";

export interface ResolverLog {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** How far the weights are, in files and bytes. */
export interface WeightsProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface BlockOptions {
  readonly onProgress?: (progress: WeightsProgress) => void;
}

export interface LazyDataResolverOptions {
  /** `null` when no manifest exists. */
  readonly start: ((onEvent: (event: TransferEvent) => void) => Background) | null;
  /** The directory that volume folders are below. */
  readonly root: string;
  readonly log: ResolverLog;
  /** Milliseconds of any monotonic clock. */
  readonly now?: () => number;
}

/**
 * The weights of a chainlet, on their way since the process started. Await {@link blockUntilDownloadComplete} in the
 * constructor or on first use, before reading any file of {@link path}.
 */
export class LazyDataResolver {
  readonly #background: Background | null;
  readonly #result: Promise<string>;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #listeners = new Set<(progress: TransferProgress) => void>();
  #state: ResolverState;
  #progress: TransferProgress | null = null;
  #stats: TransferStats | null = null;
  #firstAwaitedAt: number | null = null;
  #endedAt: number | null = null;
  #closed = false;
  readonly #onExit = () => this.#warnOnExit();

  constructor(private readonly options: LazyDataResolverOptions) {
    this.#now = options.now ?? (() => performance.now());
    this.#startedAt = this.#now();
    this.#background = options.start?.((event) => this.#receive(event)) ?? null;
    this.#state = this.#background === null ? "nothing-to-do" : "running";
    this.#result = this.#background === null ? Promise.resolve("") : this.#follow(this.#background);
    // Whoever awaits it gets the failure; until then it must not end the process.
    this.#result.catch(() => {});
    if (this.#background !== null) process.once("exit", this.#onExit);
  }

  /**
   * Waits until all files are in place and verified; at once when they are.
   *
   * @param options.onProgress is called several times a second until then
   * @returns the directory that holds the volume folders; the empty string when the chainlet has no weights
   * @throws ChainsError whatever ended the transfer, on every call; and whatever `onProgress` throws
   */
  async blockUntilDownloadComplete(options: BlockOptions = {}): Promise<string> {
    this.#firstAwaitedAt ??= this.#now();
    const { onProgress } = options;
    if (onProgress === undefined) return this.#result;
    let stop = (): void => {};
    const failed = new Promise<never>((_, reject) => {
      stop = this.onProgress((progress) => {
        try {
          onProgress(toWeightsProgress(progress));
        } catch (error) {
          reject(error);
        }
      });
    });
    return Promise.race([this.#result, failed]).finally(stop);
  }

  /** The directory of one `volume_folder`. Its files are complete only after {@link blockUntilDownloadComplete}. */
  path(volumeFolder: string): string {
    return join(this.options.root, safeRelativePath(volumeFolder, "The volume folder"));
  }

  get state(): ResolverState {
    return this.#state;
  }

  /** The last known progress; `null` before there is any. */
  get progress(): TransferProgress | null {
    return this.#progress;
  }

  /** Calls `listener` several times a second while files are fetched. @returns a function that stops it */
  onProgress(listener: (progress: TransferProgress) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Settles with the transfer, without counting as somebody who waits for it: for readiness. */
  async settled(): Promise<ResolverState> {
    await this.#result.catch(() => {});
    return this.#state;
  }

  /** The transfer's metrics; `null` until it has ended well. */
  metrics(): readonly MetricSample[] | null {
    if (this.#stats === null) return null;
    const until = Math.min(this.#firstAwaitedAt ?? Number.POSITIVE_INFINITY, this.#endedAt ?? this.#now());
    return transferMetrics(this.#stats, (until - this.#startedAt) / 1000);
  }

  /** Stops fetching; what was fetched is kept for the next start. */
  async close(): Promise<void> {
    process.off("exit", this.#onExit);
    this.#closed = true;
    if (this.#state === "running") await this.#background?.stop();
  }

  async #follow(background: Background): Promise<string> {
    try {
      const { stats } = await background.result;
      this.#stats = stats;
      this.#state = "done";
      this.#endedAt = this.#now();
      const seconds = (this.#endedAt - this.#startedAt) / 1000;
      this.options.log.info(`The weights are in place after ${seconds.toFixed(2)} s.`);
      if (this.#firstAwaitedAt === null && this.#endedAt - this.#startedAt > PATIENCE_MS) {
        this.options.log.warn(NEVER_AWAITED);
      }
      return this.options.root;
    } catch (error) {
      this.#state = "failed";
      this.#endedAt = this.#now();
      if (this.#closed) this.options.log.info("Fetching the weights was stopped; what was fetched is kept.");
      else this.options.log.error(`The weights could not be fetched: ${explain(error)}`);
      throw error;
    } finally {
      process.off("exit", this.#onExit);
    }
  }

  #receive(event: TransferEvent): void {
    if (event.type === "warning") this.options.log.warn(event.message);
    if (event.type !== "progress") return;
    this.#progress = event;
    for (const listener of this.#listeners) listener(event);
  }

  /** A process that crashes while its weights are still coming has often read them too early. */
  #warnOnExit(): void {
    if (this.#state === "running" && this.#firstAwaitedAt === null) {
      this.options.log.warn(`The process ended while its weights were still being fetched. ${NEVER_AWAITED}`);
    }
  }
}

function explain(error: unknown): string {
  if (!(error instanceof ChainsError)) return error instanceof Error ? error.message : String(error);
  return error.fix === undefined ? error.message : `${error.message} ${error.fix}`;
}

function toWeightsProgress({ files, totalFiles, bytes, totalBytes }: TransferProgress): WeightsProgress {
  return { filesDone: files, filesTotal: totalFiles, bytesDone: bytes, bytesTotal: totalBytes };
}
