import { type BigIntStats, lstatSync } from "node:fs";
import pMap from "p-map";
import { hashFile } from "../hashing/hash-file.ts";
import type { HashService } from "../hashing/hash-service.ts";
import { type ContentHash, strongestHash } from "../sources/fetcher.ts";
import type { Ledger } from "../state/ledger.ts";
import type { TransferFile } from "./transfer-file.ts";

const FILES_AT_ONCE = 8;

/**
 * The files that are in place already. A file of the right size proves nothing, it may be sparse or stale: it counts
 * when it was verified before and not touched since, or when its content has the expected hash.
 */
export async function findPresent(
  files: readonly TransferFile[],
  ledger: Ledger,
  hashes: HashService,
  signal: AbortSignal,
): Promise<Set<TransferFile>> {
  const present = new Set<TransferFile>();
  await pMap(
    files,
    async (file) => {
      signal.throwIfAborted();
      const stats = regularFile(file);
      if (stats === undefined) return;
      if (ledger.holds(file.path, stats, file.hash)) {
        present.add(file);
        return;
      }
      const expected = file.expected ?? (await offeredHash(file, signal));
      if (expected === null || !(await hasContent(file, expected, hashes))) return;
      // Read in full, and unchanged since before that.
      const after = regularFile(file);
      if (after?.ctimeNs !== stats.ctimeNs) return;
      ledger.add(file.path, after, file.hash);
      present.add(file);
    },
    { concurrency: FILES_AT_ONCE },
  );
  return present;
}

/** Links are not followed: those into the shared cache are the cache's business. */
function regularFile({ path, size }: TransferFile): BigIntStats | undefined {
  try {
    const stats = lstatSync(path, { bigint: true });
    return stats.isFile() && stats.size === BigInt(size) ? stats : undefined;
  } catch {
    return undefined;
  }
}

async function offeredHash(file: TransferFile, signal: AbortSignal): Promise<ContentHash | null> {
  const { hashes } = await file.fetcher.locate(file.resolution, { describe: true, signal });
  return strongestHash(hashes) ?? null;
}

/** A file that cannot be read is replaced like one of other content. */
async function hasContent(file: TransferFile, expected: ContentHash, hashes: HashService): Promise<boolean> {
  const { path, size } = file;
  const digest = hashFile({ path, size, kind: expected.kind }, hashes);
  return (await digest.catch(() => undefined)) === expected.value;
}
