import { open, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";

const WORTH_MEASURING_BYTES = 256 * 1024 * 1024;
const SAMPLE_BYTES = 128 * 1024 * 1024;
const BUFFER_BYTES = 4 * 1024 * 1024;

let chosen: number | undefined;

/**
 * The speed in MB/s that the cache must beat, chosen at random once per process: of many pods that start together,
 * some read the cache and some the origin, so that neither is overrun.
 */
export function randomThreshold(
  random: () => number = Math.random,
  cpuCount: number = cpus().length,
): number {
  chosen ??= 10 + random() * ((cpuCount <= 16 ? 150 : 600) - 10);
  return chosen;
}

/** MB/s of the cache, from the first large file of the manifest that it holds; `null` when it holds none. */
export async function measureReadSpeed(
  dir: string,
  files: readonly { readonly hash: string; readonly size: number }[],
): Promise<number | null> {
  for (const { hash, size } of files) {
    if (size <= WORTH_MEASURING_BYTES) continue;
    const path = join(dir, hash);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile() && stats.size === size) return sample(path);
  }
  return null;
}

async function sample(path: string): Promise<number> {
  const handle = await open(path, "r");
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  const start = performance.now();
  let bytes = 0;
  try {
    while (bytes < SAMPLE_BYTES) {
      const { bytesRead } = await handle.read(buffer, 0, BUFFER_BYTES, bytes);
      if (bytesRead === 0) break;
      bytes += bytesRead;
    }
  } finally {
    await handle.close();
  }
  return bytes / 1000 / Math.max(performance.now() - start, 0.001);
}
