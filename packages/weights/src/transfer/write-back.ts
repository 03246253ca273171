import { fdatasync } from "node:fs";
import { promisify } from "node:util";

export const syncFd = promisify(fdatasync);

/**
 * Has the disk write large files while they still come, so that little is left to wait for at the end. One file at a
 * time: each wait takes a thread of the pool that also looks up host names.
 */
export class WriteBack {
  #busy = false;

  /** Settles once the disk has all that `fd` has now. `undefined`: another file's turn is not over. */
  begin(fd: number): Promise<void> | undefined {
    if (this.#busy) return undefined;
    this.#busy = true;
    return syncFd(fd).finally(() => {
      this.#busy = false;
    });
  }
}
