import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { lstat, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootId } from "./boot-id.ts";

/**
 * Remembers which files of a target were verified, so that a restart need not read them all again. A file counts only
 * while its inode, size and both its times are those of the moment it was verified: any change moves the change time.
 * Kept outside the target, whose tree stays as the source has it. Losing the ledger costs time, never correctness.
 */
export class Ledger {
  #changed = false;

  private constructor(
    private readonly path: string | undefined,
    private readonly stamps: Map<string, string>,
  ) {}

  static async open(root: string): Promise<Ledger> {
    const dir = await privateDir();
    if (dir === undefined) return new Ledger(undefined, new Map());
    const path = join(dir, `${createHash("sha256").update(root).digest("hex").slice(0, 32)}.json`);
    try {
      return new Ledger(path, new Map(Object.entries(JSON.parse(await readFile(path, "utf8")))));
    } catch {
      return new Ledger(path, new Map());
    }
  }

  holds(file: string, stats: BigIntStats, hash: string): boolean {
    return this.stamps.get(file) === stamp(stats, hash);
  }

  add(file: string, stats: BigIntStats, hash: string): void {
    this.stamps.set(file, stamp(stats, hash));
    this.#changed = true;
  }

  async save(): Promise<void> {
    if (!this.#changed || this.path === undefined) return;
    const draft = `${this.path}.${process.pid}`;
    try {
      const file = await open(draft, "w", 0o600);
      await file.writeFile(JSON.stringify(Object.fromEntries(this.stamps))).finally(() => file.close());
      await rename(draft, this.path);
    } catch {
      // Without it the next start verifies by reading.
      await rm(draft, { force: true });
    }
  }
}

function stamp({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats, hash: string): string {
  // A machine that crashed may have kept a file's times and lost its bytes.
  return [dev, ino, size, mtimeNs, ctimeNs, bootId(), hash].join(":");
}

/** Somebody else's directory could claim anything: it must be ours, and a real directory. */
async function privateDir(): Promise<string | undefined> {
  const uid = process.getuid?.() ?? 0;
  const dir = join(tmpdir(), `truss-transfer-${uid}`);
  try {
    await mkdir(dir, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    const stats = await lstat(dir);
    return stats.isDirectory() && stats.uid === uid && (stats.mode & 0o022) === 0 ? dir : undefined;
  } catch {
    return undefined;
  }
}
