import type { Pointer } from "./pointer.ts";

/**
 * Joins the pointers of several manifests. The same file with the same hash is kept once; where hashes differ the
 * first one wins, and `warn` hears about it.
 */
export function mergePointers(
  lists: readonly (readonly Pointer[])[],
  warn: (message: string) => void,
): Pointer[] {
  const byName = new Map<string, Pointer>();
  for (const pointer of lists.flat()) {
    const known = byName.get(pointer.file_name);
    if (known === undefined) byName.set(pointer.file_name, pointer);
    else if (known.hash !== pointer.hash) {
      warn(
        `Two manifests name ${pointer.file_name} with different hashes (${known.hash} and ${pointer.hash}); the first is used.`,
      );
    }
  }
  return [...byName.values()];
}
