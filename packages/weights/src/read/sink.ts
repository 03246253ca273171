import { writeSync } from "node:fs";
import { contentHasher } from "../hashing/content-hasher.ts";
import type { Checksum } from "../hashing/crc.ts";
import { ReadFault } from "./fault.ts";
import type { OnProgress, ReadJob } from "./job.ts";

const REPORT_EVERY = 4 * 1024 * 1024;

/** Writes the body of one job at its place, hashing on the way when asked to. */
export class Sink {
  #offset: number;
  #reported: number;
  readonly #hasher: Checksum | null;

  constructor(
    private readonly job: ReadJob,
    private readonly onProgress: OnProgress,
  ) {
    this.#offset = job.start;
    this.#reported = job.start;
    this.#hasher = job.hash === null ? null : contentHasher(job.hash, job.size);
  }

  get received(): number {
    return this.#offset - this.job.start;
  }

  get complete(): boolean {
    return this.#offset === this.job.end;
  }

  /** Synchronous: a reader has a thread of its own, and one buffer is reused for all that comes. */
  write(bytes: Uint8Array): void {
    if (this.#offset + bytes.length > this.job.end)
      throw ReadFault.protocol("more bytes came than were announced");
    let done = 0;
    while (done < bytes.length) {
      try {
        done += writeSync(this.job.fd, bytes, done, bytes.length - done, this.#offset + done);
      } catch (error) {
        throw ReadFault.disk(error);
      }
    }
    this.#hasher?.update(bytes);
    this.#offset += bytes.length;
    if (this.#offset - this.#reported >= REPORT_EVERY) this.report();
  }

  report(): void {
    if (this.#offset === this.#reported) return;
    this.#reported = this.#offset;
    this.onProgress(this.#offset);
  }

  digest(): string | null {
    return this.#hasher?.digest() ?? null;
  }
}
