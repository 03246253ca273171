import { lstatSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { ChainsError } from "@truss-chains/errors";
import pMap from "p-map";
import { shareSignal } from "../control/share-signal.ts";
import { untilAborted } from "../control/until-aborted.ts";
import type { HashService } from "../hashing/hash-service.ts";
import { requireClearWay } from "../paths/confine.ts";
import { checkTree } from "../paths/tree-check.ts";
import { Journal } from "../state/journal.ts";
import { Ledger } from "../state/ledger.ts";
import { partId, StateDir } from "../state/state-dir.ts";
import { startMachinery } from "../thread/machinery.ts";
import { ConnectionLimit } from "./connection-limit.ts";
import { checkSpace, diskFault } from "./disk.ts";
import type { OnTransferEvent } from "./events.ts";
import { FileTask } from "./file-task.ts";
import { Meter } from "./meter.ts";
import { findPresent } from "./present.ts";
import { Scheduler } from "./scheduler.ts";
import { openTarget } from "./target.ts";
import type { TransferFile } from "./transfer-file.ts";
import { WriteBack } from "./write-back.ts";

const PROGRESS_EVERY_MS = 250;
const STALL_MS = 20_000;
const CACHED_FILES_AT_ONCE = 4;
/** Below this a transfer is over before threads have started. */
const WORTH_THREADS_BYTES = 48 * 1024 * 1024;

export interface TransferOptions {
  readonly onEvent: OnTransferEvent;
  readonly signal: AbortSignal;
  readonly useRanges: boolean;
  readonly maxConnections: number;
  readonly maxConnectionsPerFile: number;
  readonly maxFiles: number | undefined;
  /** Whether files reach the disk before they get their names. */
  readonly sync: boolean;
  readonly verify: boolean;
  /** Threads that read and as many that hash; 0 does everything in the calling thread. */
  readonly threads: number;
  /** A connection that brings next to nothing for this long is replaced. */
  readonly stallMs?: number;
  readonly cache: FileCache | null;
  /** Bytes free below a directory; tests inject small disks. */
  readonly freeBytes?: (dir: string) => Promise<number>;
}

/** A store of finished files, asked before the origin. */
export interface FileCache {
  /** Puts the file in place from the cache, verified. @returns whether it could */
  restore(file: TransferFile, hashes: HashService): Promise<boolean>;
  /** Offers a finished, verified file to the cache; never fails the transfer. */
  store(file: TransferFile): Promise<void>;
}

export interface FileReport {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly seconds: number;
  readonly from: "present" | "cache" | "origin";
}

/**
 * Puts files in place below one root directory: what is there and verified stays, the rest comes from the cache or its
 * origin. One process at a time writes a root; a second one waits and then finds the work done. When it fails, what
 * was fetched stays for the next attempt, under working names.
 *
 * @throws ChainsError whatever ended the transfer: `SOURCE_*`, `WEIGHTS_*`, `FILE_NOT_WRITABLE`
 */
export async function transferInto(
  root: string,
  files: readonly TransferFile[],
  options: TransferOptions,
): Promise<FileReport[]> {
  const state = new StateDir(root);
  const names = files.map((file) => file.name);
  checkTree(names, root);
  state.refuse(names);
  const target = await openTarget(state, options);
  try {
    return await new RootTransfer(root, files, state, target.refusal, options).run();
  } finally {
    await target.release();
  }
}

class RootTransfer {
  readonly #reports: FileReport[] = [];
  readonly #meter: Meter;
  readonly #bytes: number;
  #scheduler: Scheduler | undefined;
  #doneBytes = 0;

  constructor(
    private readonly root: string,
    private readonly files: readonly TransferFile[],
    private readonly state: StateDir,
    /** Why nothing may be missing; `null` when it may. */
    private readonly refusal: ChainsError | null,
    private readonly options: TransferOptions,
  ) {
    this.#bytes = files.reduce((sum, { size }) => sum + size, 0);
    this.#meter = new Meter(this.#bytes, files.length);
  }

  async run(): Promise<FileReport[]> {
    const { options } = this;
    const machinery = startMachinery(this.#bytes < WORTH_THREADS_BYTES ? 0 : options.threads);
    const ticker = setInterval(() => this.#tick(), PROGRESS_EVERY_MS);
    const ledger = await Ledger.open(this.root);
    try {
      const { signal } = options;
      const present = await untilAborted(findPresent(this.files, ledger, machinery.hashes, signal), signal);
      for (const file of present) this.#done(file, "present", 0, file.expected?.kind ?? "earlier");
      const absent = this.files.filter((file) => !present.has(file));
      this.#requirePlaces(absent);
      const missing = await untilAborted(this.#restore(absent, machinery.hashes), signal);
      if (missing.length > 0) await this.#fetch(missing, ledger, machinery);
      // Whoever watches sees the end, however short the way was.
      this.#tick();
      return this.#reports;
    } finally {
      clearInterval(ticker);
      await machinery.close();
      await ledger.save();
    }
  }

  /** What has no place in the end has none now: nothing is fetched in vain. */
  #requirePlaces(files: readonly TransferFile[]): void {
    if (files.length > 0 && this.refusal !== null) throw lacking(this.refusal, files);
    const known = new Set<string>();
    for (const { path } of files) {
      try {
        requireClearWay(this.root, path, known);
      } catch (error) {
        throw diskFault(error, path);
      }
    }
  }

  async #restore(files: readonly TransferFile[], hashes: HashService): Promise<TransferFile[]> {
    const { cache, signal } = this.options;
    if (cache === null) return [...files];
    const missing: TransferFile[] = [];
    await pMap(
      files,
      async (file) => {
        signal.throwIfAborted();
        const start = performance.now();
        if (await cache.restore(file, hashes)) {
          this.#done(file, "cache", secondsSince(start), file.expected?.kind ?? null);
        } else missing.push(file);
      },
      { concurrency: CACHED_FILES_AT_ONCE },
    );
    return missing;
  }

  async #fetch(
    files: readonly TransferFile[],
    ledger: Ledger,
    machinery: ReturnType<typeof startMachinery>,
  ): Promise<void> {
    const { options, state } = this;
    const ids = new Map(files.map((file) => [partId(file.name, file.size, file.hash), file]));
    await state.keepOnly(new Set(ids.keys()));
    const journal = await Journal.open(state.journal);
    const abort = new AbortController();
    const signal = shareSignal(AbortSignal.any([options.signal, abort.signal]));
    const around = {
      hashes: machinery.hashes,
      journal,
      useRanges: options.useRanges,
      writeBack: options.sync ? new WriteBack() : null,
      verify: options.verify,
      madeDirs: new Set<string>(),
      signal,
    };
    const tasks = [...ids].map(([id, file]) => new FileTask(file, id, around, state.part(id)));
    try {
      await checkSpace(this.root, this.#bytesToWrite(tasks), options.freeBytes);
      this.#scheduler = this.#schedule(tasks, machinery, signal, ledger);
      await this.#scheduler.run();
    } catch (error) {
      abort.abort(error);
      // Descriptors may only be closed once no thread uses them any more.
      await machinery.close();
      await this.#scheduler?.drained();
      for (const task of tasks) await task.close();
      journal.close();
      throw error;
    }
    journal.close();
    await journal.remove();
  }

  #schedule(
    tasks: readonly FileTask[],
    machinery: ReturnType<typeof startMachinery>,
    signal: AbortSignal,
    ledger: Ledger,
  ): Scheduler {
    const {
      onEvent,
      maxConnections,
      maxConnectionsPerFile,
      maxFiles,
      cache,
      stallMs = STALL_MS,
    } = this.options;
    return new Scheduler(tasks, {
      reader: machinery.reader,
      limit: new ConnectionLimit(maxConnections),
      maxPerFile: maxConnectionsPerFile,
      maxFiles,
      stallMs,
      signal,
      onFileOpen: ({ file, receivedBytes }) =>
        onEvent({ type: "file-start", file: file.name, bytes: file.size, resumed: receivedBytes }),
      onFileDone: async (task) => {
        const { file } = task;
        if (this.options.verify) ledger.add(file.path, lstatSync(file.path, { bigint: true }), file.hash);
        this.#done(file, "origin", secondsSince(task.startedAt), task.verifiedBy?.kind ?? null);
        await cache?.store(file);
      },
      onRetry: ({ file }, reason, waitMs) => onEvent({ type: "retry", file: file.name, reason, waitMs }),
    });
  }

  #bytesToWrite(tasks: readonly FileTask[]): number {
    let bytes = 0;
    for (const task of tasks) {
      const stats = lstatSync(this.state.part(task.id), { throwIfNoEntry: false });
      // Parts are sparse: only blocks that are there already need no more room.
      bytes += Math.max(0, task.file.size - (stats?.blocks ?? 0) * 512);
    }
    return bytes;
  }

  #done(file: TransferFile, from: FileReport["from"], seconds: number, verified: string | null): void {
    this.#doneBytes += file.size;
    this.#reports.push({ name: file.name, path: file.path, size: file.size, seconds, from });
    this.options.onEvent({ type: "file-done", file: file.name, bytes: file.size, seconds, from, verified });
  }

  #tick(): void {
    const tasks = this.#scheduler?.current ?? [];
    const current = tasks
      .map(({ file, receivedBytes }) => ({ file: file.name, bytes: receivedBytes, size: file.size }))
      .sort((a, b) => b.size - b.bytes - (a.size - a.bytes));
    const bytes = this.#doneBytes + current.reduce((sum, file) => sum + file.bytes, 0);
    this.options.onEvent(
      this.#meter.measure(performance.now(), { bytes, files: this.#reports.length, current }),
    );
  }
}

/** The refusal of a target that is read-only, with what would have to be written. */
function lacking(refusal: ChainsError, files: readonly TransferFile[]): ChainsError {
  const { code, message, fix = "", location, cause } = refusal;
  const others = files.length === 1 ? "" : ` and ${files.length - 1} more`;
  return new ChainsError(
    code,
    `${message} ${files[0]!.name}${others} would have to be written: missing, or not verified.`,
    {
      fix,
      ...(location && { location }),
      cause,
    },
  );
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
