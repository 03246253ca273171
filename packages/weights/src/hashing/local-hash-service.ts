import { readSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { ReadFault } from "../read/fault.ts";
import type { ContentHashKind } from "../sources/fetcher.ts";
import { contentHasher } from "./content-hasher.ts";
import type { Checksum } from "./crc.ts";
import type { FileHashing, HashService } from "./hash-service.ts";

/** Small enough that the bytes are still in the processor's cache when they are hashed. */
const BUFFER_BYTES = 128 * 1024;
/** Hashed in one go, a few milliseconds; then others get their turn. */
const TURN_BYTES = 4 * 1024 * 1024;

/**
 * Hashes in this thread. What was just written comes from the page cache: reading it here takes less time than a trip
 * through the thread pool, and half the processor time.
 */
export class LocalHashService implements HashService {
  open(file: { fd: number; kind: ContentHashKind; size: number }): FileHashing {
    return new FrontierHashing(file.fd, file.kind, file.size);
  }

  async close(): Promise<void> {}
}

class FrontierHashing implements FileHashing {
  readonly #hasher: Checksum;
  #hashed = 0;
  #known = 0;
  #work: Promise<void> | undefined;
  #abandoned = false;
  #buffer: Buffer | undefined;

  constructor(
    private readonly fd: number,
    kind: ContentHashKind,
    private readonly size: number,
  ) {
    this.#hasher = contentHasher(kind, size);
  }

  advance(offset: number): void {
    if (offset <= this.#known) return;
    this.#known = offset;
    this.#work ??= this.#catchUp().finally(() => {
      this.#work = undefined;
    });
    // A failed read is reported by finish, which reads the same place again.
    this.#work.catch(() => {});
  }

  async finish(): Promise<string> {
    await this.#work?.catch(() => {});
    this.#known = this.size;
    await this.#catchUp();
    return this.#hasher.digest();
  }

  async abandon(): Promise<void> {
    this.#abandoned = true;
    await this.#work?.catch(() => {});
  }

  async #catchUp(): Promise<void> {
    let turn = TURN_BYTES;
    while (this.#hashed < this.#known && !this.#abandoned) {
      const bytes = this.#read();
      this.#hasher.update(bytes);
      this.#hashed += bytes.length;
      turn -= bytes.length;
      if (turn > 0) continue;
      turn = TURN_BYTES;
      await nextTurn();
    }
  }

  #read(): Buffer {
    this.#buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
    const wanted = Math.min(BUFFER_BYTES, this.#known - this.#hashed);
    const got = readSync(this.fd, this.#buffer, 0, wanted, this.#hashed);
    if (got === 0) throw ReadFault.disk({ code: "EIO", message: "the file is shorter than it should be" });
    return this.#buffer.subarray(0, got);
  }
}
