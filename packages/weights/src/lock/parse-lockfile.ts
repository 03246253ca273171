import { ChainsError } from "@truss-chains/errors";
import { hashFault } from "../manifest/hash-fault.ts";
import { HASH_TYPES } from "../manifest/pointer.ts";
import type { LockedFile, LockedSource, Lockfile } from "./lockfile.ts";

/** @throws ChainsError `WEIGHTS_LOCKFILE_INVALID`, naming the source and the file at fault */
export function parseLockfile(text: string, file: string): Lockfile {
  const invalid = (what: string) =>
    new ChainsError("WEIGHTS_LOCKFILE_INVALID", `${file} ${what}.`, {
      fix: "Write it again with `chains weights pin`.",
      location: { file },
    });
  let value: Lockfile | null;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("is not JSON");
  }
  if (value?.lockfile_version !== 1)
    throw invalid(`has the version ${JSON.stringify(value?.lockfile_version)}, not 1`);
  if (!Array.isArray(value.sources)) throw invalid("does not list its sources");
  for (const [index, source] of value.sources.entries()) {
    const fault = sourceFault(source, index);
    if (fault !== undefined) throw invalid(fault);
  }
  return value;
}

function sourceFault(source: Partial<LockedSource> | null, index: number): string | undefined {
  if (typeof source?.source !== "string") return `does not name its source number ${index + 1}`;
  const { source: name, revision, allow_patterns: allow, ignore_patterns: ignore, files } = source;
  if (typeof revision !== "string") return `has no revision of ${name}`;
  if (!isPatterns(allow) || !isPatterns(ignore)) return `has patterns of ${name} that are none`;
  if (!Array.isArray(files)) return `does not list the files of ${name}`;
  const wrong = files.find((file) => !isLockedFile(file));
  return wrong === undefined ? undefined : `has an impossible entry of ${name}: ${JSON.stringify(wrong)}`;
}

function isPatterns(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every((pattern) => typeof pattern === "string"));
}

function isLockedFile(file: Partial<LockedFile> | null): boolean {
  return (
    typeof file?.path === "string" &&
    Number.isSafeInteger(file.size) &&
    file.size! >= 0 &&
    typeof file.hash === "string" &&
    isLockedHash(file.hash) &&
    (file.last_modified_time === undefined || !Number.isNaN(Date.parse(file.last_modified_time)))
  );
}

function isLockedHash(text: string): boolean {
  const type = HASH_TYPES.find((candidate) => text.startsWith(`${candidate}:`));
  return type !== undefined && hashFault(type, text.slice(type.length + 1)) === undefined;
}
