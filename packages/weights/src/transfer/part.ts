import { closeSync, constants, fstatSync, ftruncateSync, openSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { makeParents, requireNoDirectory } from "../paths/confine.ts";
import { diskFault } from "./disk.ts";
import { syncFd, type WriteBack } from "./write-back.ts";

const WRITE_BACK_BYTES = 64 * 1024 * 1024;

/**
 * The file that bytes are collected in, under its working name. Its descriptor is shared with threads. What takes
 * microseconds is synchronous: for a tree of small files, trips through the thread pool would take longer than all else.
 */
export class Part {
  #unsynced = 0;
  #writingBack: Promise<void> | undefined;
  /** The system tells a descriptor once that its bytes were lost. */
  #lost: unknown;

  private constructor(
    readonly path: string,
    readonly fd: number,
    /** Whether it was there before, with its full length. */
    readonly existed: boolean,
  ) {}

  /** Opens or makes the part and gives it its full length. */
  static open(path: string, size: number): Part {
    let fd: number | undefined;
    try {
      const { O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
      fd = openSync(path, O_CREAT | O_RDWR | O_NOFOLLOW, 0o644);
      const found = fstatSync(fd).size;
      const existed = found === size && size > 0;
      if (!existed) {
        if (found > 0) ftruncateSync(fd, 0);
        ftruncateSync(fd, size);
      }
      return new Part(path, fd, existed);
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      throw diskFault(error, path);
    }
  }

  /** Takes note of bytes that are written; every now and then they are sent on to the disk. */
  grew(bytes: number, writeBack: Pick<WriteBack, "begin">): void {
    this.#unsynced += bytes;
    if (this.#unsynced < WRITE_BACK_BYTES) return;
    const begun = writeBack.begin(this.fd);
    if (begun === undefined) return;
    this.#unsynced = 0;
    this.#writingBack = begun.catch((error) => {
      this.#lost ??= error;
    });
  }

  /** Waits until the content is on the disk. */
  async sync(): Promise<void> {
    try {
      await this.#writingBack;
      if (this.#lost !== undefined) throw this.#lost;
      await syncFd(this.fd);
    } catch (error) {
      throw diskFault(error, this.path);
    }
  }

  /** Gives the part its final name; whatever had that name is replaced at once. */
  async place(root: string, path: string, madeDirs: Set<string>): Promise<void> {
    try {
      await makeParents(root, path, madeDirs);
      requireNoDirectory(path);
      renameSync(this.path, path);
    } catch (error) {
      throw diskFault(error, path);
    }
  }

  async close(): Promise<void> {
    await this.#writingBack;
    closeSync(this.fd);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
