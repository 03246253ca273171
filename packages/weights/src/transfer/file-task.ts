import { ChainsError } from "@truss-chains/errors";
import type { FileHashing, HashService } from "../hashing/hash-service.ts";
import type { ByteLocation, ContentHash } from "../sources/fetcher.ts";
import { strongestHash } from "../sources/fetcher.ts";
import type { Journal } from "../state/journal.ts";
import { diskFault } from "./disk.ts";
import { Part } from "./part.ts";
import { type ByteRange, cut, RangeSet } from "./range-set.ts";
import type { TransferFile } from "./transfer-file.ts";

const PIECE_BYTES = 16 * 1024 * 1024;
/** A file is fetched once more from its start when its hash is wrong; then the origin is to blame. */
const MAX_ROUNDS = 2;

/** An origin that breaks off after a few bytes, again and again, makes no progress. */
export const WORTHWHILE_BYTES = 256 * 1024;

export interface Piece extends ByteRange {
  /** Tries without any progress so far. */
  readonly attempt: number;
  /** Milliseconds of `performance.now()`; not to be tried earlier. */
  readonly notBefore: number;
}

export interface TaskSurroundings {
  readonly hashes: HashService;
  readonly journal: Journal;
  readonly useRanges: boolean;
  readonly sync: boolean;
  readonly verify: boolean;
  readonly madeDirs: Set<string>;
  readonly signal: AbortSignal;
}

/** One file on its way: which bytes are there, which are asked for, where they come from, how they are verified. */
export class FileTask {
  active = 0;
  /** Whether {@link finish} is running. */
  finishing = false;
  /** Milliseconds of `performance.now()`: when it was opened, not when it was put in line. */
  startedAt = performance.now();
  #part: Part | undefined;
  #present = new RangeSet();
  #queue: Piece[] = [];
  #running = new Map<Piece, number>();
  #location: Promise<ByteLocation> | undefined;
  #hash: ContentHash | null = null;
  #hashing: FileHashing | undefined;
  #inlineDigest: string | null = null;
  #etag: string | null;
  #rounds = 1;
  #whole: boolean;
  #opening: Promise<void> | undefined;
  /** Set while bytes of a version that is given up are still in flight: they may land on top of newer ones. */
  #draining = false;

  constructor(
    readonly file: TransferFile,
    readonly id: string,
    private readonly around: TaskSurroundings,
    private readonly partPath: string,
  ) {
    const earlier = around.journal.entries.get(id);
    this.#etag = earlier?.etag ?? null;
    this.#whole = !around.useRanges;
  }

  get opened(): boolean {
    return this.#part !== undefined;
  }

  get fd(): number {
    return this.#part!.fd;
  }

  get whole(): boolean {
    return this.#whole;
  }

  /** Bytes that nobody has asked for yet. */
  get queuedBytes(): number {
    return this.opened ? this.#queue.reduce((sum, { start, end }) => sum + end - start, 0) : this.file.size;
  }

  /** Bytes that are there, those in flight included. */
  get receivedBytes(): number {
    let bytes = this.#present.bytes;
    for (const [piece, written] of this.#running) bytes += written - piece.start;
    return bytes;
  }

  get complete(): boolean {
    return this.opened && !this.#draining && this.active === 0 && this.#present.bytes === this.file.size;
  }

  /** The hash that the content is compared with; `null` when the source offers none. */
  get verifiedBy(): ContentHash | null {
    return this.#hash;
  }

  open(): Promise<void> {
    this.startedAt = performance.now();
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    this.#hash = this.around.verify ? await this.#expectedHash() : null;
    this.#part = Part.open(this.partPath, this.file.size);
    const earlier = this.around.journal.entries.get(this.id);
    const trusted = this.#hash !== null || (earlier?.sameBoot === true && earlier.etag !== null);
    if (earlier !== undefined && this.#part.existed && trusted && !this.#whole) {
      this.#present = new RangeSet(earlier.ranges);
    } else if (earlier !== undefined) {
      this.#discard();
    }
    this.#fill();
  }

  async #expectedHash(): Promise<ContentHash | null> {
    return this.file.expected ?? strongestHash((await this.location()).hashes) ?? null;
  }

  /** The next piece to ask for; `undefined` when all are taken or must wait. */
  take(now: number): Piece | undefined {
    const index = this.#queue.findIndex((piece) => piece.notBefore <= now);
    if (index < 0) return undefined;
    const [piece] = this.#queue.splice(index, 1);
    this.#running.set(piece!, piece!.start);
    this.active++;
    return piece;
  }

  /** When the next waiting piece may be tried; infinity when none waits. */
  get nextTry(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { notBefore } of this.#queue) next = Math.min(next, notBefore);
    return next;
  }

  /** The hash that the reader computes on the way: when one request brings the whole file. */
  inlineHash(piece: Piece): ContentHash | null {
    return piece.start === 0 && piece.end === this.file.size && this.#hashing === undefined
      ? this.#hash
      : null;
  }

  location(): Promise<ByteLocation> {
    this.#location ??= this.#locate(this.around.verify && this.file.expected === null);
    return this.#location;
  }

  /** Asks the origin again where the bytes are, after a refusal or a redirect. */
  relocate(): void {
    this.#location = this.#locate(true);
    // Whoever needs it next gets the error.
    this.#location.catch(() => {});
  }

  progressed(piece: Piece, written: number): void {
    this.#running.set(piece, written);
    this.#followFrontier();
  }

  /** Takes note of a piece that came in full. */
  settled(piece: Piece, etag: string | null, digest: string | null): void {
    if (this.#release(piece)) return;
    if (digest !== null) this.#inlineDigest = digest;
    if (this.#hash === null && !this.#sameVersion(etag)) {
      this.restart();
      return;
    }
    this.#present.add(piece);
    this.around.journal.finished(this.id, piece);
    this.#followFrontier();
  }

  /** Puts back a piece that was not asked for after all. */
  postponed(piece: Piece, notBefore: number): void {
    if (!this.#release(piece)) this.#queue.unshift({ ...piece, notBefore });
  }

  /** Puts back what a failed piece did not bring. */
  failed(piece: Piece, notBefore: number): void {
    const written = this.#running.get(piece) ?? piece.start;
    if (this.#release(piece)) return;
    const usable = written > piece.start && !this.#whole;
    if (usable) {
      const brought = { start: piece.start, end: written };
      this.#present.add(brought);
      this.around.journal.finished(this.id, brought);
      this.#followFrontier();
    }
    const start = usable ? written : piece.start;
    const attempt = start - piece.start >= WORTHWHILE_BYTES ? 1 : piece.attempt + 1;
    if (start < piece.end) this.#queue.unshift({ start, end: piece.end, attempt, notBefore });
  }

  /** The origin knows no ranges: the file comes in one piece from now on. */
  fetchWhole(): void {
    this.#whole = true;
    this.restart();
  }

  /** Starts the file over, once nothing of it is in flight any more. */
  restart(): void {
    this.#discard();
    this.#queue = [];
    this.#draining = this.active > 0;
    if (!this.#draining) this.#fill();
  }

  /** Verifies and places the file. @returns whether it is done; `false` when it must be fetched again */
  async finish(): Promise<boolean> {
    const part = this.#part!;
    // The disk writes while the rest is hashed.
    const synced = this.around.sync ? part.sync() : Promise.resolve();
    synced.catch(() => {});
    if (this.#hash !== null && !(await this.#verify(this.#hash))) return false;
    await synced;
    await part.place(this.file.root, this.file.path, this.around.madeDirs);
    await this.close();
    return true;
  }

  /** Lets go of the part, which stays for a later transfer unless it was placed. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    await this.#hashing?.abandon();
    this.#hashing = undefined;
    const part = this.#part;
    this.#part = undefined;
    part?.close();
  }

  async #verify(expected: ContentHash): Promise<boolean> {
    const digest = this.#inlineDigest ?? (await this.#readBack(expected));
    if (digest === expected.value) return true;
    if (this.#rounds++ >= MAX_ROUNDS) {
      this.around.journal.discarded(this.id);
      await this.#part!.remove();
      throw new ChainsError(
        "WEIGHTS_CORRUPT",
        `${this.file.name} from ${this.file.fetcher.label} has the ${expected.kind} ${digest}, not ${expected.value}.`,
        {
          fix: "Nothing was put in its place. If the source was changed on purpose, build the manifest again.",
          location: { file: this.file.path },
          data: { expected, digest },
        },
      );
    }
    this.relocate();
    this.restart();
    return false;
  }

  async #readBack(expected: ContentHash): Promise<string> {
    const hashing = this.#openHashing(expected);
    this.#hashing = undefined;
    try {
      return await hashing.finish();
    } catch (error) {
      throw diskFault(error, this.partPath);
    }
  }

  #openHashing({ kind }: ContentHash): FileHashing {
    this.#hashing ??= this.around.hashes.open({ fd: this.fd, kind, size: this.file.size });
    return this.#hashing;
  }

  /** Hashes along while the file grows; a file that comes in one piece is hashed by its reader. */
  #followFrontier(): void {
    if (this.#hash === null || this.#inlineDigest !== null || !this.#isPieced) return;
    let frontier = this.#present.frontier;
    for (const [piece, written] of this.#running) if (piece.start === frontier) frontier = written;
    if (frontier > 0) this.#openHashing(this.#hash).advance(frontier);
  }

  get #isPieced(): boolean {
    return this.file.size > PIECE_BYTES && !this.#whole;
  }

  #sameVersion(etag: string | null): boolean {
    if (this.#etag === etag) return true;
    if (this.#etag !== null) return false;
    if (etag !== null) this.around.journal.version(this.id, etag);
    this.#etag = etag;
    return true;
  }

  #fill(): void {
    const most = this.#whole ? Number.MAX_SAFE_INTEGER : PIECE_BYTES;
    this.#queue = cut(this.#present.gaps(this.file.size), most).map((range) => ({
      ...range,
      attempt: 1,
      notBefore: 0,
    }));
  }

  #discard(): void {
    this.around.journal.discarded(this.id);
    this.#present = new RangeSet();
    this.#etag = null;
    this.#inlineDigest = null;
    const hashing = this.#hashing;
    this.#hashing = undefined;
    // It reads a descriptor that stays open: there is nothing to wait for.
    void hashing?.abandon();
  }

  /** @returns whether the piece belongs to a version that was given up */
  #release(piece: Piece): boolean {
    this.#running.delete(piece);
    this.active--;
    const stale = this.#draining;
    if (stale && this.active === 0) {
      this.#draining = false;
      this.#fill();
    }
    return stale;
  }

  async #locate(describe: boolean): Promise<ByteLocation> {
    const { file, around } = this;
    const location = await file.fetcher.locate(file.resolution, { describe, signal: around.signal });
    if (location.size !== null && location.size !== file.size) {
      throw new ChainsError(
        "WEIGHTS_CORRUPT",
        `${file.name} has ${location.size} bytes at ${file.fetcher.label}, not the ${file.size} of the manifest.`,
        { fix: "It was changed after the manifest was made: build the manifest again." },
      );
    }
    return location;
  }
}
