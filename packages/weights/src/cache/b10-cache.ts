import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import {
  copyFile,
  link,
  lstat,
  mkdir,
  open,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
} from "node:fs/promises";
import { join } from "node:path";
import { hashFile } from "../hashing/hash-file.ts";
import type { HashService } from "../hashing/hash-service.ts";
import { makeParents } from "../paths/confine.ts";
import type { FileCache } from "../transfer/transfer.ts";
import type { TransferFile } from "../transfer/transfer-file.ts";

/** Being copied in; garbage collection removes those that nobody finishes. */
export const INCOMPLETE = ".incomplete";

export interface B10CacheOptions {
  readonly dir: string;
  readonly read: boolean;
  readonly write: boolean;
  readonly warn: (message: string) => void;
}

/** Counts what a run found in the cache and what it did not. */
export interface CacheCounts {
  hotFiles: number;
  hotBytes: number;
  coldFiles: number;
  coldBytes: number;
}

/**
 * The cache that all pods of an organisation share: a flat directory whose files are named after the hash of their
 * manifest entry. Files are complete from the moment they have their name, and never change afterwards. The directory
 * is the organisation's own mount: nothing of another one is reachable from it.
 */
export class B10Cache implements FileCache {
  readonly counts: CacheCounts = { hotFiles: 0, hotBytes: 0, coldFiles: 0, coldBytes: 0 };

  constructor(private readonly options: B10CacheOptions) {}

  async restore(file: TransferFile, hashes: HashService): Promise<boolean> {
    if (!this.options.read) return false;
    const restored = await this.#restore(file, hashes).catch((error) => {
      // Another pod may have removed it at this moment; whatever it is, the origin still has the file.
      this.options.warn(`${file.name} was not read from the cache: ${error.code ?? error}.`);
      return false;
    });
    if (restored) {
      this.counts.hotFiles++;
      this.counts.hotBytes += file.size;
    } else {
      this.counts.coldFiles++;
      this.counts.coldBytes += file.size;
    }
    return restored;
  }

  async store(file: TransferFile): Promise<void> {
    if (!this.options.write) return;
    const cached = this.#path(file);
    try {
      await mkdir(this.options.dir, { recursive: true });
      if ((await sizeOf(cached)) === file.size) await touch(cached);
      else await this.#insert(file, cached);
    } catch (error) {
      this.options.warn(`${file.name} was not cached: ${(error as NodeJS.ErrnoException).code ?? error}.`);
    }
  }

  async #restore(file: TransferFile, hashes: HashService): Promise<boolean> {
    const found = await this.#find(file, hashes);
    if (found === undefined) return false;
    await linkInto(file, found);
    await touch(found);
    return true;
  }

  /** A cached file of the right content; a wrong one is removed, so that it is written again. */
  async #find(file: TransferFile, hashes: HashService): Promise<string | undefined> {
    const cached = this.#path(file);
    const size = await sizeOf(cached);
    if (size === undefined) return undefined;
    if (size === file.size && (await verified(file, cached, hashes))) return cached;
    this.options.warn(`The cached copy of ${file.name} is damaged, and fetched again.`);
    await rm(cached, { force: true });
    return undefined;
  }

  async #insert(file: TransferFile, cached: string): Promise<void> {
    // A name of its own: other pods may be writing the same file at this moment.
    const draft = `${cached}.${randomUUID()}${INCOMPLETE}`;
    try {
      const moved = await link(file.path, draft).then(
        () => true,
        () => false,
      );
      if (!moved) await copySynced(file.path, draft);
      if ((await sizeOf(draft)) !== file.size) throw new Error("its size changed while it was copied");
      await rename(draft, cached);
      // On one file system both names are one file now: a link keeps users from changing the cached one in place.
      if (moved) await linkInto(file, cached);
    } finally {
      await rm(draft, { force: true });
    }
  }

  #path(file: TransferFile): string {
    return join(this.options.dir, file.hash);
  }
}

async function verified(file: TransferFile, cached: string, hashes: HashService): Promise<boolean> {
  if (file.expected === null) return true;
  const { kind, value } = file.expected;
  return (await hashFile({ path: cached, size: file.size, kind }, hashes)) === value;
}

async function linkInto(file: TransferFile, cached: string): Promise<void> {
  await makeParents(file.root, file.path);
  if ((await readlink(file.path).catch(() => undefined)) === cached) return;
  const draft = `${file.path}.${randomUUID()}`;
  try {
    await symlink(cached, draft);
    await rename(draft, file.path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Says that a file is in use: garbage collection goes by the time of the last access. */
async function touch(path: string): Promise<void> {
  const { mtime } = await stat(path);
  // Set, not read: many mounts do not keep access times.
  await utimes(path, new Date(), mtime).catch(async () => {
    const handle = await open(path);
    await handle.read(Buffer.alloc(1), 0, 1, 0).finally(() => handle.close());
  });
}

async function copySynced(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  const handle = await open(to, "r+");
  await handle.sync().finally(() => handle.close());
}

async function sizeOf(path: string): Promise<number | undefined> {
  const stats = await lstat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : undefined;
}
