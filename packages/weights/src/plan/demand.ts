import { resolve } from "node:path";
import type { ModelCacheEntry } from "../manifest/create.ts";
import { MODEL_CACHE_ROOT } from "../paths/roots.ts";
import { safeRelativePath } from "../paths/safe-path.ts";
import { parseModelRepo, parseSource, type SourceReference } from "../sources/reference.ts";

/** One entry of `weights`, as config.yaml spells it. */
export interface WeightsEntry {
  readonly source: string;
  readonly mount_location: string;
  readonly auth_secret_name?: string | null;
  readonly auth?: { readonly auth_secret_name?: string | null } | null;
  readonly allow_patterns?: readonly string[] | null;
  readonly ignore_patterns?: readonly string[] | null;
}

/** Weights that a chainlet asks for, whichever of the two ways it uses. */
export type WeightsRequest = ModelCacheEntry | WeightsEntry;

/** A request, read: where from, what of it, where to. Nothing is optional. */
export interface WeightsDemand {
  readonly reference: SourceReference;
  /** Relative to the weights root. */
  readonly folder: string;
  readonly secretName: string | null;
  readonly allow: readonly string[] | null;
  readonly ignore: readonly string[] | null;
}

/** @throws ChainsError `WEIGHTS_SOURCE_INVALID`, `WEIGHTS_UNSAFE_PATH` */
export function readDemand(request: WeightsRequest): WeightsDemand {
  const patterns = { allow: request.allow_patterns ?? null, ignore: request.ignore_patterns ?? null };
  if ("source" in request) {
    return {
      reference: parseSource(request.source),
      folder: mountFolder(request.mount_location),
      secretName: request.auth?.auth_secret_name || request.auth_secret_name || null,
      ...patterns,
    };
  }
  return {
    reference: parseModelRepo(request.repo_id, request.revision ?? "", request.kind ?? "hf"),
    // What is baked into an image has no folder of its own.
    folder: safeRelativePath(
      request.volume_folder || request.repo_id.replaceAll(/[/:]+/g, "_"),
      "volume_folder",
    ),
    secretName: request.runtime_secret_name ?? null,
    ...patterns,
  };
}

/** The directory on this machine that stands for a mount location. */
export function mountDirectory(weightsRoot: string, mountLocation: string): string {
  return resolve(weightsRoot, mountFolder(mountLocation));
}

function mountFolder(mountLocation: string): string {
  const below = mountLocation.startsWith(`${MODEL_CACHE_ROOT}/`)
    ? mountLocation.slice(MODEL_CACHE_ROOT.length)
    : mountLocation;
  return safeRelativePath(below.replace(/^\/+|\/+$/g, ""), "mount_location");
}
