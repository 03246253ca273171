import { ChainsError } from "@truss-chains/errors";
import { HASH_TYPES } from "../manifest/pointer.ts";
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

/** @throws ChainsError `WEIGHTS_LOCKFILE_INVALID` */
export function parseLockfile(text: string, file: string): Lockfile {
  const invalid = (what: string) =>
    new ChainsError("WEIGHTS_LOCKFILE_INVALID", `${file} ${what}.`, {
      fix: "Write it again with `chains weights pin`.",
      location: { file },
    });
  let value: Lockfile;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("is not JSON");
  }
  if (value?.lockfile_version !== 1)
    throw invalid(`has the version ${JSON.stringify(value?.lockfile_version)}, not 1`);
  if (!Array.isArray(value.sources) || !value.sources.every(isLockedSource))
    throw invalid("does not list its sources");
  return value;
}

/** What differs between a lockfile and the sources as they are now, a sentence each; empty when nothing does. */
export function lockDrift(lockfile: Lockfile, current: Lockfile): string[] {
  const locked = new Map(lockfile.sources.map((source) => [sourceIdentity(source), source]));
  const drift: string[] = [];
  for (const source of current.sources) {
    const known = locked.get(sourceIdentity(source));
    locked.delete(sourceIdentity(source));
    if (known === undefined) drift.push(`${source.source} is not locked.`);
    else drift.push(...sourceDrift(known, source));
  }
  for (const { source } of locked.values()) drift.push(`${source} is locked, and no longer used.`);
  return drift;
}

/** @throws ChainsError `LOCKFILE_DRIFT`, listing every difference: what `--frozen` means */
export function requireNoDrift(lockfile: Lockfile, current: Lockfile, file: string): void {
  const drift = lockDrift(lockfile, current);
  if (drift.length === 0) return;
  throw ChainsError.fromProblems(
    "LOCKFILE_DRIFT",
    `The weights differ from ${file}:`,
    drift.map((message) => ({ code: "LOCKFILE_DRIFT", severity: "error", message, location: { file } })),
  );
}

function sourceDrift(locked: LockedSource, current: LockedSource): string[] {
  const { source } = locked;
  const drift: string[] = [];
  if (locked.revision !== current.revision) {
    drift.push(
      `${source} was ${locked.revision || "without revision"}, and is ${current.revision || "without revision"} now.`,
    );
  }
  const before = new Map(locked.files.map((file) => [file.path, file]));
  for (const { path, size, hash } of current.files) {
    const known = before.get(path);
    before.delete(path);
    if (known === undefined) drift.push(`${source} has the new file ${path}.`);
    else if (known.size !== size || known.hash !== hash) drift.push(`${path} of ${source} has changed.`);
  }
  for (const path of before.keys()) drift.push(`${source} has lost the file ${path}.`);
  return drift;
}

/** Two entries are the same when they ask the same source for the same files. */
export function sourceIdentity({
  source,
  allow_patterns,
  ignore_patterns,
}: Pick<LockedSource, "source" | "allow_patterns" | "ignore_patterns">): string {
  return JSON.stringify([source, allow_patterns, ignore_patterns]);
}

// The part after the colon names a file of the shared cache.
const LOCKED_HASH = new RegExp(`^(?:${HASH_TYPES.join("|")}):[^/\\0]+$`);

function isLockedSource(value: unknown): value is LockedSource {
  const source = value as Partial<LockedSource> | null;
  return (
    typeof source?.source === "string" &&
    typeof source.revision === "string" &&
    Array.isArray(source.files) &&
    source.files.every(
      (file) =>
        typeof file?.path === "string" &&
        Number.isSafeInteger(file.size) &&
        file.size >= 0 &&
        typeof file.hash === "string" &&
        LOCKED_HASH.test(file.hash) &&
        (file.last_modified_time === undefined || !Number.isNaN(Date.parse(file.last_modified_time))),
    )
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
