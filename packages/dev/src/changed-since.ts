import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** What something was made from. */
export interface Sources {
  readonly files: readonly string[];
  /** Files that need not be there. */
  readonly optional: readonly string[];
  /** Directories of which everything counts. */
  readonly trees: readonly string[];
}

/**
 * Whether any of the sources has changed after a time, or is gone.
 *
 * @param time in milliseconds since the epoch.
 */
export async function changedSince(time: number, { files, optional, trees }: Sources): Promise<boolean> {
  const below = await Promise.all(trees.map(everythingBelow));
  const times = await Promise.all([...files, ...trees, ...below.flat()].map(changedAt));
  if (times.some((changed) => changed === undefined || changed > time)) return true;
  return (await Promise.all(optional.map(changedAt))).some((changed = 0) => changed > time);
}

async function changedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

async function everythingBelow(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  return names.map((name) => join(directory, name));
}
