import type { WeightsPlan } from "../plan/plan.ts";
import type { RemoteFile } from "../sources/fetcher.ts";

/** `chains.lock`: what every source of a chain was when somebody last agreed to it. Field names are those of the file. */
export interface Lockfile {
  readonly lockfile_version: 1;
  readonly sources: readonly LockedSource[];
}

export interface LockedSource {
  /** As configured: `hf://owner/repo@main`. */
  readonly source: string;
  /** The commit; the empty string for sources without revisions. */
  readonly revision: string;
  readonly allow_patterns: readonly string[] | null;
  readonly ignore_patterns: readonly string[] | null;
  readonly files: readonly LockedFile[];
}

export interface LockedFile {
  readonly path: string;
  readonly size: number;
  /** `sha256:…`, `git-sha1:…`, `md5:…`, `crc32c:…` or, where the source offers no content hash, `etag:…`. */
  readonly hash: string;
  /**
   * RFC 3339, UTC, as manifests have it; missing where the source does not tell. A file that was written again with the
   * same content has not changed.
   */
  readonly last_modified_time?: string;
}

/**
 * @param plan with the revisions as they are written in the source from now on: pinned ones after pinning
 * @throws ChainsError the first source's that cannot be read
 */
export function createLockfile(plan: Pick<WeightsPlan, "sources">): Lockfile {
  const sources = plan.sources.map(({ demand, source, revision, files, error }): LockedSource => {
    if (error !== null) throw error;
    return {
      source,
      revision,
      allow_patterns: demand.allow,
      ignore_patterns: demand.ignore,
      files: files.map(lockedFile).sort((a, b) => compare(a.path, b.path)),
    };
  });
  const unique = new Map(sources.map((source) => [sourceIdentity(source), source]));
  return {
    lockfile_version: 1,
    sources: [...unique].sort(([a], [b]) => compare(a, b)).map(([, source]) => source),
  };
}

function lockedFile({ path, size, hashtype, hash, lastModified }: RemoteFile): LockedFile {
  return {
    path,
    size,
    hash: `${hashtype}:${hash}`,
    ...(lastModified !== null && { last_modified_time: lastModified.toISOString() }),
  };
}

/** The file's text: one line a file, the same for the same content wherever it is written. */
export function renderLockfile({ sources }: Lockfile): string {
  const blocks = sources.map(({ files, ...source }) => {
    const head = Object.entries(source).map(([key, value]) => `      "${key}": ${JSON.stringify(value)},`);
    const lines = files.map((file) => `        ${JSON.stringify(file)}`).join(",\n");
    const list = files.length === 0 ? "[]" : `[\n${lines}\n      ]`;
    return `    {\n${head.join("\n")}\n      "files": ${list}\n    }`;
  });
  const list = blocks.length === 0 ? "[]" : `[\n${blocks.join(",\n")}\n  ]`;
  return `{\n  "lockfile_version": 1,\n  "sources": ${list}\n}\n`;
}

/** Two entries are the same when they ask the same source for the same files. */
export function sourceIdentity({
  source,
  allow_patterns,
  ignore_patterns,
}: Pick<LockedSource, "source" | "allow_patterns" | "ignore_patterns">): string {
  return JSON.stringify([source, allow_patterns, ignore_patterns]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
