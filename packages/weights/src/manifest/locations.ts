import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import { parseManifest } from "./parse.ts";
import type { Manifest } from "./pointer.ts";

/** Where images have the manifest that was made when they were built. */
export const STATIC_MANIFEST_PATH = "/static-bptr/static-bptr-manifest.json";

/** Where truss-transfer looks for manifests, in this order; all that exist are merged. */
export const MANIFEST_PATHS = [
  "/bptr/bptr-manifest",
  "/bptr/bptr-manifest.json",
  STATIC_MANIFEST_PATH,
] as const;

/** The search paths, below `root` when the file system's own root is not meant (`CHAINS_MANIFEST_ROOT`). */
export function manifestPaths(root: string | undefined): string[] {
  return MANIFEST_PATHS.map((path) => (root === undefined ? path : join(root, path)));
}

/** Reads every manifest that exists. @throws ChainsError `MANIFEST_INVALID`, `FILE_NOT_READABLE` */
export async function readManifests(paths: readonly string[]): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths) {
    const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined;
      throw new ChainsError("FILE_NOT_READABLE", `The manifest ${path} cannot be read: ${cause.code}.`, {
        fix: "Give this process the right to read it.",
        location: { file: path },
        cause,
      });
    });
    if (text !== undefined) manifests.push(parseManifest(text, path));
  }
  return manifests;
}
