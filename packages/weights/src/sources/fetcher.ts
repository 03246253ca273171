import type { HashType, Resolution } from "../manifest/pointer.ts";
import type { SecretSource } from "../secrets.ts";

/**
 * A place that weights come from. Every source is one file of this shape; all serve bytes over HTTP, so that opening
 * a range is a ranged GET of what {@link WeightsFetcher.locate} returns.
 */
export interface WeightsFetcher {
  /** How messages name the source: `hf://owner/repo`. */
  readonly label: string;

  /**
   * The revision that a listing will be pinned to: a commit SHA for the Hugging Face Hub, the empty string for sources
   * without revisions.
   */
  resolveRevision(signal?: AbortSignal): Promise<string>;

  /** Every file of the source at the pinned revision, unfiltered, with paths relative to the source. */
  list(signal?: AbortSignal): Promise<readonly RemoteFile[]>;

  /** A file that somebody listed before, at that revision, without asking the source. */
  recall(file: KnownFile, revision: string): RemoteFile;

  /**
   * Where the bytes of one file can be read now, with fresh credentials. Call again when {@link ByteLocation.expiresAt}
   * has passed or the origin refuses the location.
   */
  locate(resolution: Resolution, options: LocateOptions): Promise<ByteLocation>;
}

export interface LocateOptions {
  /** Ask the origin for what it knows about the content, too: one more request. */
  readonly describe: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What a listing tells of a file's content. */
export interface KnownFile {
  /** Relative to the source, as the source spells it: check it before use. */
  readonly path: string;
  readonly size: number;
  readonly hashtype: HashType;
  readonly hash: string;
  /** `null` where the source does not tell, as the Hub. */
  readonly lastModified: Date | null;
}

export interface RemoteFile extends KnownFile {
  readonly resolution: Resolution;
  readonly uid: string;
}

/** Content hashes that can be checked, strongest first. Values are lower-case hex. */
export const CONTENT_HASHES = ["sha256", "git-sha1", "sha1", "md5", "crc64nvme", "crc32c", "crc32"] as const;
export type ContentHashKind = (typeof CONTENT_HASHES)[number];

export interface ContentHash {
  readonly kind: ContentHashKind;
  readonly value: string;
}

export interface ByteLocation {
  readonly url: string;
  /** Credentials for this URL's host alone: never sent along on a redirect to another host. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; `null` when it does not expire. */
  readonly expiresAt: number | null;
  /** What the origin says about the file; `null` and empty when it was not asked or does not know. */
  readonly size: number | null;
  readonly etag: string | null;
  readonly hashes: readonly ContentHash[];
}

/** What every source needs from its surroundings. */
export interface SourceContext {
  readonly secrets: SecretSource;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hears what a person should know but need not stop for; the same text only once. */
  readonly warn: (message: string) => void;
}

/** The strongest hash of a list; `undefined` for an empty one. */
export function strongestHash(hashes: readonly ContentHash[]): ContentHash | undefined {
  for (const kind of CONTENT_HASHES) {
    const hash = hashes.find((candidate) => candidate.kind === kind);
    if (hash !== undefined) return hash;
  }
  return undefined;
}
