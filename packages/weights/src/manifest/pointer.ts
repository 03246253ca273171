/**
 * The manifest that truss-transfer reads ("Baseten pointers"), in memory. Field names are those of the file.
 * Sizes are bytes, times Unix seconds.
 */
export interface Manifest {
  readonly pointers: readonly Pointer[];
  /** Sources that are listed only when the manifest is used. */
  readonly models: readonly ManifestModel[] | null;
}

export interface Pointer {
  readonly resolution: Resolution;
  /** For people only. */
  readonly uid: string;
  /** Destination, normally absolute. */
  readonly file_name: string;
  readonly hashtype: HashType;
  /** Names the file in the shared cache; for every type but `etag` it is also the content's hash in lower-case hex. */
  readonly hash: string;
  readonly size: number;
  /** RFC 3339, UTC; `null` when the source does not tell. */
  readonly last_modified_time: string | null;
  readonly runtime_secret_name: string;
}

export type Resolution =
  | { readonly resolution_type: "http"; readonly url: string; readonly expiration_timestamp: number }
  | { readonly resolution_type: "gcs"; readonly path: string; readonly bucket_name: string }
  | S3Resolution
  | {
      readonly resolution_type: "azure";
      readonly account_name: string;
      readonly container_name: string;
      readonly blob_name: string;
    };

export interface S3Resolution {
  readonly resolution_type: "s3";
  readonly bucket_name: string;
  readonly key: string;
  readonly region: string | null;
  /** Ours alone: the S3-compatible service, when it is not AWS. */
  readonly endpoint?: string;
}

/** `etag` and `md5` are those of the real tool; it ignores the type, so that ours do not disturb it. */
export const HASH_TYPES = ["etag", "md5", "sha256", "git-sha1", "crc32c"] as const;
export type HashType = (typeof HASH_TYPES)[number];

export interface ManifestModel {
  readonly repo_id: string;
  readonly revision: string;
  readonly allow_patterns: readonly string[] | null;
  readonly ignore_patterns: readonly string[] | null;
  readonly volume_folder: string;
  readonly runtime_secret_name: string;
  readonly kind: ModelKind;
}

export const MODEL_KINDS = ["hf", "gcs", "s3", "azure"] as const;
type ModelKind = (typeof MODEL_KINDS)[number];

export const DEFAULT_SECRET_NAME = "hf_access_token";
/** What the real tool writes for URLs that do not expire. */
export const NEVER_EXPIRES = 4044816725;

/** The cache is a flat directory whose files are named after hashes: a hash must be one plain file name. */
export function normalizeHash(hash: string): string {
  return hash.replace(/[/:\\*?"<>| ]/g, "_");
}
