import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { tryLock } from "./push-lock.ts";

const DAY_MS = 24 * 60 * 60_000;

/**
 * How long a push that did not come to its end is remembered: what it may have deployed is looked for among the newest
 * deployments of its chain, and after this long it is of no use to know.
 */
const STALE_MS = 7 * DAY_MS;

/** Removes what abandoned pushes of any chain have left; never what a push that is under way uses. */
export async function removeStaleJournals(directory: string): Promise<void> {
  const bound = Date.now() - STALE_MS;
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    if (!(await isOlder(file, bound))) continue;
    const isJournal = name.endsWith(".json");
    const lock = isJournal ? `${file}.lock` : file;
    if (!lock.endsWith(".lock")) {
      // Half of a file that was never renamed into place.
      await rm(file, { force: true });
      continue;
    }
    if ((await tryLock(lock)) !== undefined) continue;
    // Looked at again: before the lock was taken, a push may have used it.
    if (isJournal && (await isOlder(file, bound))) await rm(file, { force: true });
    await rm(lock, { force: true });
  }
}

async function isOlder(file: string, bound: number): Promise<boolean> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs < bound,
    () => false,
  );
}
