import { read as readCallback } from "node:fs";
import { promisify } from "node:util";
import { ReadFault } from "../read/fault.ts";
import type { ContentHashKind } from "../sources/fetcher.ts";
import { contentHasher } from "./content-hasher.ts";
import type { Checksum } from "./crc.ts";
import type { FileHashing, HashService } from "./hash-service.ts";

const readFd = promisify(readCallback);
const BUFFER_BYTES = 1024 * 1024;

/** Hashes in this thread. What was just written comes from the page cache. */
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
  #buffers: [Buffer, Buffer] | undefined;

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
    this.#buffers ??= [Buffer.allocUnsafeSlow(BUFFER_BYTES), Buffer.allocUnsafeSlow(BUFFER_BYTES)];
    let [current, next] = this.#buffers;
    let reading = this.#read(current, this.#hashed);
    while (this.#hashed < this.#known && !this.#abandoned) {
      const { wanted, got } = await reading;
      if (got === 0) {
        if (wanted > 0)
          throw ReadFault.disk({ code: "EIO", message: "the file is shorter than it should be" });
        // The read-ahead found nothing, and more has been written since.
        reading = this.#read(current, this.#hashed);
        continue;
      }
      const bytes = current.subarray(0, got);
      [current, next] = [next, current];
      // Read ahead while this thread is busy hashing.
      reading = this.#read(current, this.#hashed + got);
      this.#hasher.update(bytes);
      this.#hashed += got;
    }
    await reading;
  }

  async #read(buffer: Buffer, from: number): Promise<{ wanted: number; got: number }> {
    const wanted = Math.min(buffer.length, this.#known - from);
    if (wanted <= 0) return { wanted: 0, got: 0 };
    const { bytesRead } = await readFd(this.fd, buffer, 0, wanted, from);
    return { wanted, got: bytesRead };
  }
}
