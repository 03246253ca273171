import { DATA_ROOT, MODEL_CACHE_ROOT } from "../constants.ts";
import type { ExternalDataItem } from "../schema/external-data.ts";
import type { ModelRepo } from "../schema/model-repo.ts";

/** An entry of `weights`, with the keys that migration sets. */
export interface MigratedEntry {
  readonly source: string;
  readonly mount_location: string;
  readonly auth_secret_name?: string;
  readonly allow_patterns?: readonly string[];
  readonly ignore_patterns?: readonly string[];
}

/** Where an entry's files were before, and where they are now. */
export interface MountChange {
  /** Paths and names by which code may refer to the files as they were. */
  readonly before: readonly string[];
  /** The directory, or file, at which they are mounted. */
  readonly after: string;
  /** Code that uses `before` has to change. */
  readonly moved: boolean;
}

const SCHEMES = { gcs: "gs://", s3: "s3://", azure: "azure://" } as const;

/** The `weights` entry that replaces an entry of `model_cache`. */
export function convertModelRepo(repo: ModelRepo): MigratedEntry {
  return {
    source: sourceOf(repo),
    mount_location: mountOf(repo),
    ...(repo.runtime_secret_name !== "" && { auth_secret_name: repo.runtime_secret_name }),
    ...(repo.allow_patterns?.length && { allow_patterns: repo.allow_patterns }),
    ...(repo.ignore_patterns?.length && { ignore_patterns: repo.ignore_patterns }),
  };
}

/** The `weights` entry that replaces an entry of `external_data`. */
export function convertExternalData(item: ExternalDataItem): MigratedEntry {
  return { source: item.url, mount_location: joinPosix(DATA_ROOT, item.local_data_path) };
}

/** What the migration of a `model_cache` entry means for code. Without a volume, files were in other places. */
export function mountChangeOf(repo: ModelRepo): MountChange {
  const after = mountOf(repo);
  if (repo.use_volume) return { before: [after], after, moved: false };
  if (repo.kind !== "hf") return { before: [after], after, moved: bucketPath(repo).includes("/") };
  const hubFolder = `/root/.cache/huggingface/hub/models--${repo.repo_id.replaceAll("/", "--")}`;
  return { before: [repo.repo_id, hubFolder], after, moved: true };
}

function sourceOf({ kind, repo_id: id, revision }: ModelRepo): string {
  if (kind === "hf") return revision === "" ? `hf://${id}` : `hf://${id}@${revision}`;
  return id.startsWith(SCHEMES[kind]) ? id : SCHEMES[kind] + id;
}

function mountOf(repo: ModelRepo): string {
  if (repo.use_volume && repo.volume_folder !== null) return joinPosix(MODEL_CACHE_ROOT, repo.volume_folder);
  const folder =
    repo.kind === "hf" ? repo.repo_id.replaceAll("/", "_") : (bucketPath(repo).split("/")[0] ?? "");
  return joinPosix(MODEL_CACHE_ROOT, folder);
}

function bucketPath({ repo_id: id }: ModelRepo): string {
  const scheme = Object.values(SCHEMES).find((known) => id.startsWith(known));
  return scheme ? id.slice(scheme.length) : id;
}

/** Joins as Python's `PurePosixPath` does: an absolute path replaces the root, `.` and doubled slashes vanish. */
function joinPosix(root: string, path: string): string {
  const full = path.startsWith("/") ? path : `${root}/${path}`;
  const lead = /^\/\/(?!\/)/.test(full) ? "//" : "/";
  return (
    lead +
    full
      .split("/")
      .filter((part) => part !== "" && part !== ".")
      .join("/")
  );
}
