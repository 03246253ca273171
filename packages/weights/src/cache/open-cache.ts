import type { CacheSettings } from "../settings.ts";
import type { TransferFile } from "../transfer/transfer-file.ts";
import { B10Cache } from "./b10-cache.ts";
import { collectGarbage } from "./garbage.ts";
import { hasHeadroom } from "./headroom.ts";
import { measureReadSpeed, randomThreshold } from "./read-speed.ts";

/** What was decided about the shared cache before a run. */
export interface CacheDecision {
  readonly cache: B10Cache | null;
  /** MB/s; `null` when there was nothing to measure. */
  readonly readSpeedMbps: number | null;
  readonly read: boolean;
}

/** There is no shared cache, or it is not to be used. */
export const NO_CACHE: CacheDecision = { cache: null, readSpeedMbps: null, read: false };

/** Cleans the shared cache up and decides whether to read it and whether to write it. */
export async function openCache(
  settings: CacheSettings,
  files: readonly TransferFile[],
  warn: (message: string) => void,
): Promise<CacheDecision> {
  if (!settings.enabled) return NO_CACHE;
  const { dir } = settings;
  const code = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);
  await collectGarbage(dir, new Set(files.map(({ hash }) => hash)), {
    maxAgeHours: settings.cleanupHours,
    maxStaleGb: settings.maxStaleGb,
  }).catch((error) => warn(`The shared cache ${dir} was not cleaned up: ${code(error)}.`));

  const readSpeedMbps = await measureReadSpeed(dir, files).catch(() => null);
  const threshold = settings.thresholdMbps ?? randomThreshold();
  const read = readSpeedMbps === null || readSpeedMbps > threshold;

  const write = await hasHeadroom(dir, files).then(
    (enough) => {
      if (!enough) warn(`The shared cache ${dir} has too little free space; nothing is added to it.`);
      return enough;
    },
    (error) => {
      warn(`The shared cache ${dir} cannot be written: ${code(error)}.`);
      return false;
    },
  );
  return { cache: new B10Cache({ dir, read, write, warn }), readSpeedMbps, read };
}
