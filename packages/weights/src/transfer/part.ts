import { close, constants, fdatasync, fstat, ftruncate, open } from "node:fs";
import { lstat, rename, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { ChainsError } from "@truss-chains/errors";
import { makeParents } from "../paths/confine.ts";
import { diskFault } from "./disk.ts";

const openFd = promisify(open);
const closeFd = promisify(close);
const truncateFd = promisify(ftruncate);
const syncFd = promisify(fdatasync);
const statFd = promisify(fstat);

/** The file that bytes are collected in, under its working name. Its descriptor is shared with threads. */
export class Part {
  private constructor(
    readonly path: string,
    readonly fd: number,
    /** Whether it was there before, with its full length. */
    readonly existed: boolean,
  ) {}

  /** Opens or makes the part and gives it its full length. */
  static async open(path: string, size: number): Promise<Part> {
    try {
      const { O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
      const fd = await openFd(path, O_CREAT | O_RDWR | O_NOFOLLOW, 0o644);
      const existed = (await statFd(fd)).size === size && size > 0;
      if (!existed) await truncateFd(fd, 0).then(() => truncateFd(fd, size));
      return new Part(path, fd, existed);
    } catch (error) {
      throw diskFault(error, path);
    }
  }

  /** Forgets all content. */
  async reset(size: number): Promise<void> {
    await truncateFd(this.fd, 0);
    await truncateFd(this.fd, size);
  }

  /** Waits until the content is on the disk. */
  async sync(): Promise<void> {
    try {
      await syncFd(this.fd);
    } catch (error) {
      throw diskFault(error, this.path);
    }
  }

  /** Gives the part its final name; whatever had that name is replaced at once. */
  async place(root: string, path: string, madeDirs: Set<string>): Promise<void> {
    try {
      await makeParents(root, path, madeDirs);
      const present = await lstat(path).catch(() => undefined);
      if (present?.isDirectory()) {
        throw new ChainsError(
          "WEIGHTS_UNSAFE_PATH",
          `${path} is a directory, but weights need a file there.`,
          {
            fix: `Remove ${path}, or fetch into another directory.`,
            location: { file: path },
          },
        );
      }
      await rename(this.path, path);
    } catch (error) {
      throw diskFault(error, path);
    }
  }

  async close(): Promise<void> {
    await closeFd(this.fd);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
