import { ChainsError } from "@truss-chains/errors";
import { ReadFault } from "../read/fault.ts";
import type { RangeReader } from "../read/job.ts";
import type { ByteLocation } from "../sources/fetcher.ts";
import type { ConnectionLimit } from "./connection-limit.ts";
import { type FileTask, WORTHWHILE_BYTES } from "./file-task.ts";
import { OriginGate } from "./origin-gate.ts";
import type { Piece } from "./pieces.ts";
import { type Recovery, recover } from "./recovery.ts";

/** Open files, each with a descriptor; also how far small files are fetched ahead of being synced. */
const FILES_AT_ONCE = 128;
const SLOW_DOWN_ONCE_PER_MS = 1_000;

export interface SchedulerOptions {
  readonly reader: RangeReader;
  readonly limit: ConnectionLimit;
  readonly maxPerFile: number;
  /** Files in progress at once. */
  readonly maxFiles: number | undefined;
  readonly stallMs: number;
  readonly signal: AbortSignal;
  readonly onFileOpen: (task: FileTask) => void;
  readonly onFileDone: (task: FileTask) => Promise<void>;
  readonly onRetry: (task: FileTask, reason: string, waitMs: number) => void;
}

/**
 * Runs file tasks to their end: keeps as many requests in flight as the connection limit allows, larger shares of the
 * remaining work first, so that all files end at about the same time. The first error that cannot be recovered from
 * ends everything.
 */
export class Scheduler {
  readonly #gate = new OriginGate();
  /** Files that are fetched. */
  readonly #open = new Set<FileTask>();
  /** Files whose bytes are all there: verified, synced and placed. */
  readonly #finishing = new Set<FileTask>();
  readonly #waiting: FileTask[];
  readonly #running = new Set<Promise<unknown>>();
  #inFlight = 0;
  #left: number;
  #nextJob = 0;
  #slowedDown = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #failed = false;
  #settle!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(
    tasks: readonly FileTask[],
    private readonly options: SchedulerOptions,
  ) {
    this.#waiting = [...tasks].sort((a, b) => b.file.size - a.file.size);
    this.#left = tasks.length;
  }

  async run(): Promise<void> {
    const { signal } = this.options;
    signal.throwIfAborted();
    if (this.#left === 0) return;
    const stop = () => this.#fail(signal.reason);
    signal.addEventListener("abort", stop);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#settle = { resolve, reject };
        this.#pump();
      });
    } finally {
      clearTimeout(this.#timer);
      signal.removeEventListener("abort", stop);
    }
  }

  /** Settles once nothing runs any more, after a failure: no descriptor is in use then. */
  async drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** Files that have a descriptor now. */
  get current(): FileTask[] {
    return [...this.#open, ...this.#finishing];
  }

  #pump(): void {
    if (this.#failed) return;
    clearTimeout(this.#timer);
    const now = performance.now();
    while (this.#inFlight < this.options.limit.current) {
      const task = this.#choose(now);
      if (task === undefined) break;
      if (task.opened) this.#start(task, task.take(now)!);
      else this.#openFile(task);
    }
    let next = Number.POSITIVE_INFINITY;
    for (const task of this.#open) next = Math.min(next, task.nextTry);
    if (Number.isFinite(next) && next > now) this.#timer = setTimeout(() => this.#pump(), next - now + 1);
  }

  #choose(now: number): FileTask | undefined {
    let best: FileTask | undefined;
    let bestShare = 0;
    for (const task of this.#open) {
      if (!task.opened || task.running >= this.options.maxPerFile || task.nextTry > now) continue;
      const share = task.waitingBytes / (task.running + 1);
      if (share > bestShare) [best, bestShare] = [task, share];
    }
    const fresh = this.#waiting[0];
    const open = this.#open.size + this.#finishing.size;
    if (fresh === undefined || open >= (this.options.maxFiles ?? FILES_AT_ONCE)) return best;
    return best === undefined || fresh.file.size > bestShare ? fresh : best;
  }

  /** Opening counts as in flight: it may ask the origin about the file. */
  #openFile(task: FileTask): void {
    this.#waiting.shift();
    this.#open.add(task);
    this.#inFlight++;
    const work = task
      .open()
      .then(() => {
        this.options.onFileOpen(task);
        if (task.complete) this.#finish(task);
      })
      .catch((error) => this.#fail(error, task))
      .finally(() => {
        this.#inFlight--;
        this.#pump();
      });
    this.#track(work);
  }

  #start(task: FileTask, piece: Piece): void {
    this.#inFlight++;
    const work = this.#fetch(task, piece)
      .catch((error) => this.#fail(error, task))
      .finally(() => {
        this.#inFlight--;
        if (task.complete && !this.#failed) this.#finish(task);
        this.#pump();
      });
    this.#track(work);
  }

  async #fetch(task: FileTask, piece: Piece): Promise<void> {
    const { reader, limit, stallMs } = this.options;
    let location: ByteLocation;
    try {
      location = await task.locate();
    } catch (error) {
      task.failed(piece, 0);
      throw error;
    }
    const { url, headers } = location;
    const closed = this.#gate.opensAt(url);
    if (closed > performance.now()) {
      task.postponed(piece, closed);
      return;
    }
    let seen = piece.start;
    try {
      const { start, end } = piece;
      const { size } = task.file;
      const hash = task.inlineHash(piece)?.kind ?? null;
      const job = {
        id: this.#nextJob++,
        fd: task.fd,
        url,
        headers,
        start,
        end,
        size,
        whole: task.whole,
        hash,
        stallMs,
      };
      const { etag, digest } = await reader.read(job, (written) => {
        limit.record(written - seen, performance.now(), this.#inFlight >= limit.current);
        seen = written;
        task.progressed(piece, written);
      });
      task.settled(piece, etag, digest);
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
      const { fault, etag } = error;
      const { file, restarts } = task;
      const recovery = recover({ file, url, fault, attempt: this.#attempt(piece, seen), restarts });
      this.#recover(task, piece, recovery, { url, etag });
    }
  }

  #attempt(piece: Piece, seen: number): number {
    return seen - piece.start >= WORTHWHILE_BYTES ? 1 : piece.attempt;
  }

  #recover(
    task: FileTask,
    piece: Piece,
    recovery: Recovery,
    { url, etag }: { readonly url: string; readonly etag: string | null },
  ): void {
    const now = performance.now();
    if (recovery.do === "give-up") {
      task.failed(piece, 0, etag);
      throw recovery.error;
    }
    const waitMs = "waitMs" in recovery ? recovery.waitMs : 0;
    task.failed(piece, now + waitMs, etag);
    if ("reason" in recovery) this.options.onRetry(task, recovery.reason, waitMs);
    if (recovery.do === "slow-down") this.#slowDown(url, waitMs, now);
    if (recovery.do === "relocate") task.location.refresh();
    if (recovery.do === "restart") {
      task.location.refresh();
      task.restart();
    }
    if (recovery.do === "fetch-whole") task.fetchWhole();
  }

  #slowDown(url: string, waitMs: number, now: number): void {
    this.#gate.closeFor(url, waitMs, now);
    // All requests in flight are refused at once: that is one refusal.
    if (now - this.#slowedDown < SLOW_DOWN_ONCE_PER_MS) return;
    this.#slowedDown = now;
    this.options.limit.backOff();
  }

  #finish(task: FileTask): void {
    if (!this.#open.delete(task)) return;
    this.#finishing.add(task);
    const work = task
      .finish()
      .then(async (done) => {
        this.#finishing.delete(task);
        if (!done) {
          this.#open.add(task);
          return;
        }
        await this.options.onFileDone(task);
        if (--this.#left === 0) this.#settle.resolve();
      })
      .catch((error) => this.#fail(error, task))
      .finally(() => this.#pump());
    this.#track(work);
  }

  #track(work: Promise<unknown>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  #fail(error: unknown, task?: FileTask): void {
    if (this.#failed) return;
    this.#failed = true;
    if (this.options.signal.aborted) this.#settle.reject(this.options.signal.reason);
    else this.#settle.reject(about(error, task?.file.path));
  }
}

/** The same error with the file that it is about, for whoever has to find it. */
function about(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof ChainsError))
    return new ChainsError("INTERNAL", "The transfer failed in an unexpected way.", { cause: error });
  if (file === undefined || error.location !== undefined) return error;
  const { code, message, fix, problems, data } = error;
  return new ChainsError(code, message, {
    ...(fix !== undefined && { fix }),
    location: { file },
    problems,
    data,
    cause: error,
  });
}
