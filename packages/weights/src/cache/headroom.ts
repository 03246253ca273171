import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import pMap from "p-map";
import { freeBytes } from "../transfer/disk.ts";

const FOR_OTHERS_BYTES = 100 * 1024 ** 3;
const FILES_AT_ONCE = 16;

interface CacheableFile {
  readonly hash: string;
  readonly size: number;
}

/** Whether adding what is not in the cache yet leaves the room that others need. */
export async function hasHeadroom(
  dir: string,
  files: readonly CacheableFile[],
  measure: (dir: string) => Promise<number> = freeBytes,
): Promise<boolean> {
  await mkdir(dir, { recursive: true });
  const spare = (await measure(dir)) - FOR_OTHERS_BYTES;
  if (spare <= 0) return false;
  const byHash = [...new Map(files.map((file) => [file.hash, file])).values()];
  // Looking at each file takes its time on a network's file system: mostly there is room for all of them.
  return sum(byHash) < spare || sum(await missing(dir, byHash)) < spare;
}

async function missing(dir: string, files: readonly CacheableFile[]): Promise<CacheableFile[]> {
  const sizes = await pMap(files, ({ hash }) => sizeOf(join(dir, hash)), { concurrency: FILES_AT_ONCE });
  return files.filter(({ size }, index) => sizes[index] !== size);
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

function sum(files: readonly CacheableFile[]): number {
  return files.reduce((total, { size }) => total + size, 0);
}
