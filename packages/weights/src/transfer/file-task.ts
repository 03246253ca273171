import { ChainsError } from "@truss-chains/errors";
import type { HashService } from "../hashing/hash-service.ts";
import { type ByteLocation, type ContentHash, strongestHash } from "../sources/fetcher.ts";
import type { Journal } from "../state/journal.ts";
import { ContentCheck } from "./content-check.ts";
import { diskFault } from "./disk.ts";
import { FileLocation } from "./file-location.ts";
import { Part } from "./part.ts";
import { type Piece, Pieces } from "./pieces.ts";
import type { ByteRange } from "./range-set.ts";
import type { TransferFile } from "./transfer-file.ts";
import type { WriteBack } from "./write-back.ts";

const PIECE_BYTES = 16 * 1024 * 1024;
/** A file is fetched once more from its start when its hash is wrong; then the origin is to blame. */
const MAX_ROUNDS = 2;
/** An origin that has this many versions at once is asked for the whole file: one answer is of one version. */
const MAX_VERSIONS = 3;

/** An origin that breaks off after a few bytes, again and again, makes no progress. */
export const WORTHWHILE_BYTES = 256 * 1024;

export interface TaskSurroundings {
  readonly hashes: HashService;
  readonly journal: Journal;
  readonly useRanges: boolean;
  /** `null` when files need not be on the disk before they get their names. */
  readonly writeBack: WriteBack | null;
  readonly verify: boolean;
  readonly madeDirs: Set<string>;
  readonly signal: AbortSignal;
}

/** One file on its way, from its first byte to its name. */
export class FileTask {
  /** Milliseconds of `performance.now()`: when it was opened, not when it was put in line. */
  startedAt = performance.now();
  restarts = 0;
  readonly location: FileLocation;
  readonly #pieces: Pieces;
  #part: Part | undefined;
  /** `undefined` when the source offers no hash, or none is wanted. */
  #check: ContentCheck | undefined;
  #opening: Promise<void> | undefined;
  /** Of the bytes that are there: `null` when the origin tells none, `undefined` before there are any. */
  #etag: string | null | undefined;
  #whole: boolean;
  #rounds = 1;
  #versions = 1;
  /** Whether the hash to compare with is still that of a version that was given up. */
  #outdated = false;

  constructor(
    readonly file: TransferFile,
    readonly id: string,
    private readonly around: TaskSurroundings,
    private readonly partPath: string,
  ) {
    this.location = new FileLocation(file, around.verify, around.signal);
    this.#pieces = new Pieces(file.size);
    this.#etag = around.journal.entries.get(id)?.etag ?? undefined;
    this.#whole = !around.useRanges;
  }

  get opened(): boolean {
    return this.#part !== undefined;
  }

  get fd(): number {
    return this.#part!.fd;
  }

  /** Whether it is asked for in one piece, without a range. */
  get whole(): boolean {
    return this.#whole;
  }

  /** Requests in flight. */
  get running(): number {
    return this.#pieces.running;
  }

  /** Bytes that nobody has asked for yet. */
  get waitingBytes(): number {
    return this.#pieces.waitingBytes;
  }

  /** Bytes that are there, those in flight included. */
  get receivedBytes(): number {
    return this.#pieces.receivedBytes;
  }

  /** When the next waiting piece may be tried; infinity when none waits. */
  get nextTry(): number {
    return this.#pieces.nextTry;
  }

  get complete(): boolean {
    return this.opened && this.#pieces.complete;
  }

  /** The hash that the content is compared with; `null` when the source offers none. */
  get verifiedBy(): ContentHash | null {
    return this.#check?.expected ?? null;
  }

  open(): Promise<void> {
    this.startedAt = performance.now();
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    const expected = this.around.verify ? await this.#expectedHash() : null;
    this.#part = Part.open(this.partPath, this.file.size);
    this.#check = this.#checkOf(expected);
    const earlier = this.around.journal.entries.get(this.id);
    const trusted = expected !== null || (earlier?.sameBoot === true && earlier.etag !== null);
    if (earlier !== undefined && this.#part.existed && trusted && !this.#whole) {
      this.#pieces.begin(earlier.ranges, PIECE_BYTES);
      return;
    }
    if (earlier !== undefined) this.#discard();
    this.#pieces.begin([], this.#pieceBytes);
  }

  async #expectedHash(): Promise<ContentHash | null> {
    return this.file.expected ?? strongestHash((await this.location.get()).hashes) ?? null;
  }

  #checkOf(expected: ContentHash | null): ContentCheck | undefined {
    if (expected === null) return undefined;
    return new ContentCheck(expected, { fd: this.fd, size: this.file.size }, this.around.hashes);
  }

  /** Where the next piece is. @throws ChainsError as {@link FileLocation.get} */
  async locate(): Promise<ByteLocation> {
    const location = await this.location.get();
    if (this.#outdated) {
      this.#outdated = false;
      this.#check = this.#checkOf(strongestHash(location.hashes) ?? null);
    }
    return location;
  }

  /** The next piece to ask for; `undefined` when all are taken or must wait. */
  take(now: number): Piece | undefined {
    return this.#pieces.take(now);
  }

  /** The hash that the reader computes on the way: when one request brings the whole file. */
  inlineHash(piece: Piece): ContentHash | null {
    return this.#check?.isReadersWork(piece) ? this.#check.expected : null;
  }

  progressed(piece: Piece, written: number): void {
    this.#pieces.progressed(piece, written);
    this.#followFrontier();
  }

  /** Takes note of a piece that came in full. */
  settled(piece: Piece, etag: string | null, digest: string | null): void {
    if (this.#pieces.release(piece) === null) return;
    if (digest !== null) this.#check?.computed(digest);
    if (this.#check !== undefined || this.#sameVersion(etag)) this.#keep(piece);
    else if (++this.#versions > MAX_VERSIONS) this.fetchWhole();
    else this.restart();
  }

  /** Puts back a piece that was not asked for after all. */
  postponed(piece: Piece, notBefore: number): void {
    if (this.#pieces.release(piece) !== null) this.#pieces.putBack({ ...piece, notBefore });
  }

  /**
   * Puts back what a failed piece did not bring.
   *
   * @param etag of the version that the piece is of; `null` when the origin had not told
   */
  failed(piece: Piece, notBefore: number, etag: string | null = null): void {
    const written = this.#pieces.release(piece);
    if (written === null) return;
    // Nothing but the version says whether what comes next belongs to it.
    const known = this.#check !== undefined || (etag !== null && this.#sameVersion(etag));
    const start = this.#whole || !known ? piece.start : written;
    if (start > piece.start) this.#keep({ start: piece.start, end: start });
    const attempt = start - piece.start >= WORTHWHILE_BYTES ? 1 : piece.attempt + 1;
    this.#pieces.putBack({ start, end: piece.end, attempt, notBefore });
  }

  /** The origin knows no ranges: the file comes in one piece from now on. */
  fetchWhole(): void {
    this.#whole = true;
    this.restart();
  }

  /** Starts the file over, once nothing of it is in flight any more. */
  restart(): void {
    this.restarts++;
    this.#outdated = this.around.verify && this.file.expected === null;
    this.#discard();
    this.#pieces.restart(this.#pieceBytes);
  }

  /** Verifies and places the file. @returns whether it is done; `false` when it must be fetched again */
  async finish(): Promise<boolean> {
    const part = this.#part!;
    // The disk writes while the rest is hashed.
    const synced = this.around.writeBack !== null ? part.sync() : Promise.resolve();
    synced.catch(() => {});
    if (this.#check !== undefined && !(await this.#verify(this.#check))) return false;
    await synced;
    await part.place(this.file.root, this.file.path, this.around.madeDirs);
    await this.close();
    return true;
  }

  /** Lets go of the part, which stays for a later transfer unless it was placed. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    await this.#check?.reset();
    const part = this.#part;
    this.#part = undefined;
    await part?.close();
  }

  async #verify(check: ContentCheck): Promise<boolean> {
    const { expected } = check;
    const digest = await check.digest().catch((error) => {
      throw diskFault(error, this.partPath);
    });
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
    this.location.refresh();
    this.restart();
    return false;
  }

  get #pieceBytes(): number {
    return this.#whole ? Number.MAX_SAFE_INTEGER : PIECE_BYTES;
  }

  #keep(range: ByteRange): void {
    this.#pieces.add(range);
    const { writeBack } = this.around;
    if (writeBack !== null) this.#part!.grew(range.end - range.start, writeBack);
    this.around.journal.finished(this.id, range);
    this.#followFrontier();
  }

  /** Hashes along while the file grows; a file that comes in one piece is hashed by its reader. */
  #followFrontier(): void {
    if (this.file.size > this.#pieceBytes) this.#check?.follow(this.#pieces.frontier);
  }

  #sameVersion(etag: string | null): boolean {
    if (this.#etag !== undefined) return this.#etag === etag;
    if (etag !== null) this.around.journal.version(this.id, etag);
    this.#etag = etag;
    return true;
  }

  #discard(): void {
    this.around.journal.discarded(this.id);
    this.#etag = undefined;
    // Hashing reads a descriptor that stays open: there is nothing to wait for.
    void this.#check?.reset();
  }
}
