import type { FileHashing, HashService } from "../hashing/hash-service.ts";
import type { ContentHash } from "../sources/fetcher.ts";
import type { ByteRange } from "./range-set.ts";

/**
 * Computes the hash of one file while it comes: its reader does, when one request brings the whole file; else another
 * thread follows what is written.
 */
export class ContentCheck {
  #digest: string | null = null;
  #hashing: FileHashing | undefined;

  constructor(
    readonly expected: ContentHash,
    private readonly file: { readonly fd: number; readonly size: number },
    private readonly hashes: HashService,
  ) {}

  /** Whether a reader of this range computes the hash on its way. */
  isReadersWork({ start, end }: ByteRange): boolean {
    return start === 0 && end === this.file.size && this.#hashing === undefined;
  }

  /** What the reader of the whole file computed. */
  computed(digest: string): void {
    this.#digest = digest;
  }

  /** The bytes before `frontier` are written and will not change. */
  follow(frontier: number): void {
    if (this.#digest === null && frontier > 0) this.#open().advance(frontier);
  }

  /** The hash of all that is written, lower-case hex. @throws what reading it back throws */
  async digest(): Promise<string> {
    if (this.#digest !== null) return this.#digest;
    const hashing = this.#open();
    this.#hashing = undefined;
    return hashing.finish();
  }

  /** Forgets what was computed. Settles once the file's descriptor is no longer used. */
  async reset(): Promise<void> {
    const hashing = this.#hashing;
    this.#digest = null;
    this.#hashing = undefined;
    await hashing?.abandon();
  }

  #open(): FileHashing {
    this.#hashing ??= this.hashes.open({ ...this.file, kind: this.expected.kind });
    return this.#hashing;
  }
}
