import { ChainsError } from "@truss-chains/errors";
import { type LockedSource, type Lockfile, sourceIdentity } from "./lockfile.ts";

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
