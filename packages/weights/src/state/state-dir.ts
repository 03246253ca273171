import { createHash } from "node:crypto";
import { mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";

/** Holds what a transfer needs between its start and its end; gone once everything is in place. */
const STATE_DIR = ".truss-transfer";

/** Paths of the working files below one target directory. */
export class StateDir {
  readonly path: string;

  constructor(readonly root: string) {
    this.path = join(root, STATE_DIR);
  }

  get lock(): string {
    return join(this.path, "lock");
  }

  get journal(): string {
    return join(this.path, "journal");
  }

  part(id: string): string {
    return join(this.path, `${id}.part`);
  }

  /** @throws ChainsError `WEIGHTS_UNSAFE_PATH` for a file that would be one of the working files */
  refuse(names: Iterable<string>): void {
    for (const name of names) {
      if (name.split("/")[0]!.toLowerCase() !== STATE_DIR) continue;
      throw new ChainsError(
        "WEIGHTS_UNSAFE_PATH",
        `${JSON.stringify(name)} is where transfers keep their state.`,
        {
          fix: "Nothing was written. Leave it out with ignore_patterns.",
        },
      );
    }
  }

  async create(): Promise<void> {
    // Not recursive, which on a read-only file system would say that there is no such file.
    await mkdir(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }

  /** Removes parts that no file of this transfer owns: leftovers of another manifest. */
  async keepOnly(ids: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.path)) {
      const id = /^(.+)\.part$/.exec(name)?.[1];
      if (id !== undefined && !ids.has(id)) await rm(join(this.path, name), { force: true });
    }
  }

  /** Removes the directory when nothing is left in it, not even another process's lock. */
  async removeIfEmpty(): Promise<void> {
    await rmdir(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "ENOENT") throw error;
    });
  }
}

/** Names the part of a file by what is expected of it: another version of the same file never continues it. */
export function partId(name: string, size: number, hash: string): string {
  return createHash("sha256")
    .update(JSON.stringify([name, size, hash]))
    .digest("hex")
    .slice(0, 32);
}
