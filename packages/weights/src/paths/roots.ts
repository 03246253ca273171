import { isAbsolute, join, relative, resolve } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { safeRelativePath } from "./safe-path.ts";

/** Where manifests place files unless told otherwise. */
export const MODEL_CACHE_ROOT = "/app/model_cache";

/** Directories that files may be placed in. */
export interface PlacementRoots {
  /** Relative file names land here. */
  readonly downloadDir: string;
  /** Stands in for {@link MODEL_CACHE_ROOT}. */
  readonly weightsRoot: string;
}

export interface Placement {
  /** The directory nothing is written outside of. */
  readonly root: string;
  /** Absolute path of the file. */
  readonly path: string;
}

/**
 * Where a manifest's file name leads on this machine.
 *
 * @throws ChainsError `WEIGHTS_UNSAFE_PATH` for an absolute name below none of the roots, or one that climbs
 */
export function placeFile(fileName: string, roots: PlacementRoots): Placement {
  if (!isAbsolute(fileName)) return inside(roots.downloadDir, fileName);
  const candidates = [
    [MODEL_CACHE_ROOT, roots.weightsRoot],
    [roots.weightsRoot, roots.weightsRoot],
    [roots.downloadDir, roots.downloadDir],
  ] as const;
  for (const [prefix, root] of candidates) {
    // Of the file system's own root nothing is left but the slash that follows.
    const base = resolve(prefix).replace(/\/$/, "");
    if (fileName.startsWith(`${base}/`)) return inside(root, fileName.slice(base.length + 1));
  }
  throw new ChainsError(
    "WEIGHTS_UNSAFE_PATH",
    `A manifest places a file at ${JSON.stringify(fileName)}, outside ${roots.downloadDir} and ${roots.weightsRoot}.`,
    { fix: "Nothing was written. Name the directory on the command line, or set CHAINS_WEIGHTS_ROOT." },
  );
}

function inside(root: string, path: string): Placement {
  const base = resolve(root);
  return { root: base, path: join(base, safeRelativePath(path, "A manifest")) };
}

/** The path below its root, with forward slashes, as a listing would name it. */
export function placedName(placement: Placement): string {
  return relative(placement.root, placement.path);
}
