import { HASH_TYPES, type HashType } from "../manifest/pointer.ts";
import type { PathPatterns } from "../patterns/path-filter.ts";
import type { KnownFile, WeightsFetcher } from "../sources/fetcher.ts";
import { type LockedFile, type LockedSource, type Lockfile, sourceIdentity } from "./lockfile.ts";

/**
 * The source as `chains.lock` records it, which is listed without asking anybody; the source itself when it is not
 * locked with these patterns.
 *
 * @param source as configured: `hf://owner/repo@main`
 */
export function asLocked(
  fetcher: WeightsFetcher,
  source: string,
  { allow, ignore }: PathPatterns,
  lockfile: Lockfile | undefined,
): WeightsFetcher {
  const wanted = sourceIdentity({ source, allow_patterns: allow, ignore_patterns: ignore });
  const locked = lockfile?.sources.find((candidate) => sourceIdentity(candidate) === wanted);
  return locked === undefined ? fetcher : lockedFetcher(fetcher, locked);
}

function lockedFetcher(fetcher: WeightsFetcher, { revision, files }: LockedSource): WeightsFetcher {
  return {
    label: fetcher.label,
    resolveRevision: async () => revision,
    list: async () => files.map((file) => fetcher.recall(toKnownFile(file), revision)),
    recall: (file, at) => fetcher.recall(file, at),
    locate: (resolution, options) => fetcher.locate(resolution, options),
  };
}

function toKnownFile({ path, size, hash, last_modified_time: time }: LockedFile): KnownFile {
  const hashtype: HashType = HASH_TYPES.find((type) => hash.startsWith(`${type}:`)) ?? "etag";
  return {
    path,
    size,
    hashtype,
    hash: hash.slice(hashtype.length + 1),
    lastModified: time === undefined ? null : new Date(time),
  };
}
