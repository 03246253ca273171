import { randomUUID } from "node:crypto";
import { ChainsError } from "@truss-chains/errors";
import { locateByRequest } from "../control/locate.ts";
import { shownUrl } from "../control/url.ts";
import { NEVER_EXPIRES, normalizeHash, type Resolution } from "../manifest/pointer.ts";
import { hubToken } from "../secrets.ts";
import {
  type ByteLocation,
  type ContentHash,
  type KnownFile,
  type LocateOptions,
  type RemoteFile,
  type SourceContext,
  strongestHash,
  type WeightsFetcher,
} from "./fetcher.ts";

export interface HttpsOptions {
  /** Only for a source of one file; a manifest's URLs stand for themselves. */
  readonly url?: string;
  /** Sends this secret as a bearer token, to the URL's own host alone. */
  readonly secretName: string | null;
}

/** Plain HTTP(S): one file per URL. */
export function httpsFetcher(options: HttpsOptions, context: SourceContext): WeightsFetcher {
  return new HttpsFetcher(options, context);
}

class HttpsFetcher implements WeightsFetcher {
  readonly label: string;

  constructor(
    private readonly options: HttpsOptions,
    private readonly context: SourceContext,
  ) {
    this.label = options.url === undefined ? "https" : shownUrl(options.url);
  }

  async resolveRevision(): Promise<string> {
    return "";
  }

  async list(signal?: AbortSignal): Promise<readonly RemoteFile[]> {
    const url = this.options.url!;
    const resolution = { resolution_type: "http", url, expiration_timestamp: NEVER_EXPIRES } as const;
    const location = await this.locate(resolution, { describe: true, signal });
    if (location.size === null) {
      throw new ChainsError("WEIGHTS_TRANSFER_FAILED", `${this.label} does not tell how large it is.`, {
        fix: "Serve the file with a Content-Length, or with ranges.",
      });
    }
    const known = strongestHash(location.hashes);
    const file: KnownFile = {
      path: fileName(url),
      size: location.size,
      hashtype:
        known?.kind === "sha256" || known?.kind === "md5" || known?.kind === "crc32c" ? known.kind : "etag",
      hash: known?.value ?? normalizeHash(location.etag?.replaceAll('"', "") || `http-${randomUUID()}`),
      lastModified: null,
    };
    return [this.recall(file)];
  }

  recall(file: KnownFile): RemoteFile {
    const url = this.options.url!;
    return {
      ...file,
      resolution: { resolution_type: "http", url, expiration_timestamp: NEVER_EXPIRES },
      uid: `https:${shownUrl(url)}`,
    };
  }

  async locate(resolution: Resolution, options: LocateOptions): Promise<ByteLocation> {
    if (resolution.resolution_type !== "http")
      throw new ChainsError("INTERNAL", "An https source got another's file.");
    const credentials = await this.#credentials(resolution.url);
    if (!options.describe) {
      return {
        url: resolution.url,
        headers: credentials,
        expiresAt: null,
        size: null,
        etag: null,
        hashes: [],
      };
    }
    return locateByRequest({
      url: resolution.url,
      credentials,
      explain: () => undefined,
      // The headers of a redirect are about the redirect.
      hashesFrom: ({ headers }) => offeredHashes(headers),
      signal: options.signal,
    });
  }

  async #credentials(url: string): Promise<Record<string, string>> {
    // Without a source URL this serves a manifest, whose secrets are meant for the Hub.
    if (this.options.secretName === null || this.options.url !== url) return {};
    const token = await hubToken(this.options.secretName, { dir: this.context.secrets.dir, env: {} });
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }
}

function fileName(url: string): string {
  const last = new URL(url).pathname.split("/").at(-1)!;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const DIGEST_NAMES: Readonly<Record<string, ContentHash["kind"]>> = {
  "sha-256": "sha256",
  md5: "md5",
  crc32c: "crc32c",
};

/** Hashes of the whole representation, as RFC 9530, RFC 1864 and the common object stores spell them. */
export function offeredHashes(headers: Readonly<Record<string, string>>): readonly ContentHash[] {
  const hashes: ContentHash[] = [];
  const add = (kind: ContentHash["kind"] | undefined, base64: string, bytes: number) => {
    // A hash of the parts' hashes ends in `-` and their number.
    const value = /^[\w+/]+=*$/.test(base64) ? Buffer.from(base64, "base64") : Buffer.of();
    if (kind !== undefined && value.length === bytes) hashes.push({ kind, value: value.toString("hex") });
  };
  const sizes: Partial<Record<ContentHash["kind"], number>> = { sha256: 32, md5: 16, crc32c: 4 };
  for (const part of (headers["repr-digest"] ?? "").split(",")) {
    const match = /^\s*([\w-]+)=:([A-Za-z0-9+/=]+):\s*$/.exec(part);
    const kind = match ? DIGEST_NAMES[match[1]!] : undefined;
    if (match && kind) add(kind, match[2]!, sizes[kind]!);
  }
  for (const part of (headers["x-goog-hash"] ?? "").split(",")) {
    const match = /^\s*(md5|crc32c)=([A-Za-z0-9+/=]+)\s*$/.exec(part);
    if (match) add(DIGEST_NAMES[match[1]!], match[2]!, sizes[DIGEST_NAMES[match[1]!]!]!);
  }
  if (headers["x-amz-checksum-sha256"]) add("sha256", headers["x-amz-checksum-sha256"], 32);
  if (headers["x-ms-blob-content-md5"]) add("md5", headers["x-ms-blob-content-md5"], 16);
  return hashes;
}
