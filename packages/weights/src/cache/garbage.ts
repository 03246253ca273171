import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

export interface GarbageRules {
  /** Files not used for this long go. */
  readonly maxAgeHours: number;
  /** GiB that files of other manifests may keep; `undefined` sets no limit. */
  readonly maxStaleGb: number | undefined;
}

export interface CollectedGarbage {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Removes files of the shared cache that nobody used for long, and the least recently used ones above the size limit.
 * Only files at the top are looked at, and never those in `keep`, the current manifests' hashes.
 */
export async function collectGarbage(
  dir: string,
  keep: ReadonlySet<string>,
  rules: GarbageRules,
  now: number = Date.now(),
): Promise<CollectedGarbage> {
  const stale = await staleFiles(dir, keep);
  const oldest = now - rules.maxAgeHours * 3_600_000;
  const limit = rules.maxStaleGb === undefined ? Number.POSITIVE_INFINITY : rules.maxStaleGb * 1024 ** 3;
  let kept = stale.reduce((sum, { size }) => sum + size, 0);
  let files = 0;
  let bytes = 0;
  for (const { path, size, usedAt } of stale.sort((a, b) => a.usedAt - b.usedAt)) {
    if (usedAt >= oldest && kept <= limit) continue;
    await rm(path, { force: true });
    kept -= size;
    files++;
    bytes += size;
  }
  return { files, bytes };
}

async function staleFiles(dir: string, keep: ReadonlySet<string>) {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const files: { path: string; size: number; usedAt: number }[] = [];
  for (const name of names) {
    if (keep.has(name)) continue;
    const path = join(dir, name);
    // Another pod may be cleaning up at the same time.
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isFile())
      files.push({ path, size: stats.size, usedAt: Math.max(stats.atimeMs, stats.mtimeMs) });
  }
  return files;
}
