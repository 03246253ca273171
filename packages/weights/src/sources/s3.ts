import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { ChainsError } from "@truss-chains/errors";
import pMap from "p-map";
import { normalizeHash, type Resolution } from "../manifest/pointer.ts";
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
import { optionalClient } from "./optional-client.ts";
import { asDirectory } from "./reference.ts";
import { S3Bucket, type S3Options, sdk } from "./s3-bucket.ts";

const SIGNATURE_LIFETIME_SECS = 3600;
const RENEW_EARLY_MS = 5 * 60_000;
const HEADS_AT_ONCE = 16;

/** A bucket of S3 or of a service that speaks its protocol, read with the official client. */
export function s3Fetcher(options: S3Options, context: SourceContext): WeightsFetcher {
  return new S3Fetcher(options, context);
}

interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modified: Date | null;
}

class S3Fetcher implements WeightsFetcher {
  readonly label: string;
  readonly #bucket: S3Bucket;

  constructor(
    private readonly options: S3Options,
    context: SourceContext,
  ) {
    this.label = options.label;
    this.#bucket = new S3Bucket(options, context);
  }

  async resolveRevision(): Promise<string> {
    return "";
  }

  async list(signal?: AbortSignal): Promise<readonly RemoteFile[]> {
    const directory = asDirectory(this.options.prefix);
    const describe = async ({ key, size, modified }: ListedObject) => {
      const head = await this.#head(key, signal);
      const etag = head.ETag ?? "";
      const hash = strongestHash(
        offered(head).filter(({ kind }) => kind === "sha256" || kind === "md5" || kind === "crc32c"),
      );
      const known: KnownFile = {
        path: key.slice(directory.length),
        size,
        hashtype: (hash?.kind ?? "etag") as "sha256" | "md5" | "crc32c" | "etag",
        hash: hash?.value ?? normalizeHash(etag.replaceAll('"', "") || `s3-${crypto.randomUUID()}`),
        lastModified: modified,
      };
      return this.recall(known);
    };
    return pMap(await this.#objects(directory, signal), describe, { concurrency: HEADS_AT_ONCE });
  }

  async #objects(directory: string, signal: AbortSignal | undefined): Promise<ListedObject[]> {
    const { paginateListObjectsV2 } = await sdk();
    const input = { Bucket: this.options.bucket, Prefix: directory };
    return this.#bucket.ask(
      async (client, options) => {
        const objects: ListedObject[] = [];
        for await (const page of paginateListObjectsV2({ client }, input, options)) {
          for (const object of page.Contents ?? []) {
            // A key that ends in a slash is how consoles draw an empty folder.
            if (object.Key === undefined || object.Key.endsWith("/")) continue;
            objects.push({ key: object.Key, size: object.Size ?? 0, modified: object.LastModified ?? null });
          }
        }
        return objects;
      },
      { signal },
    );
  }

  recall(file: KnownFile): RemoteFile {
    const { bucket, endpoint } = this.options;
    const key = asDirectory(this.options.prefix) + file.path;
    return {
      ...file,
      resolution: {
        resolution_type: "s3",
        bucket_name: bucket,
        key,
        region: null,
        ...(endpoint !== null && { endpoint }),
      },
      uid: `s3:${bucket}:${key}`,
    };
  }

  async locate(resolution: Resolution, { describe, signal }: LocateOptions): Promise<ByteLocation> {
    if (resolution.resolution_type !== "s3")
      throw new ChainsError("INTERNAL", "S3 got another source's file.");
    const head = describe ? await this.#head(resolution.key, signal) : undefined;
    const { GetObjectCommand } = await sdk();
    const { getSignedUrl } = await signer();
    const command = new GetObjectCommand({ Bucket: this.options.bucket, Key: resolution.key });
    const url = await this.#bucket.ask((client) =>
      getSignedUrl(client, command, { expiresIn: SIGNATURE_LIFETIME_SECS }),
    );
    return {
      url,
      // A weak one never matches.
      headers: head?.ETag === undefined || head.ETag.startsWith("W/") ? {} : { "if-match": head.ETag },
      expiresAt: Date.now() + SIGNATURE_LIFETIME_SECS * 1000 - RENEW_EARLY_MS,
      size: head?.ContentLength ?? null,
      etag: head?.ETag ?? null,
      hashes: head === undefined ? [] : offered(head),
    };
  }

  async #head(key: string, signal: AbortSignal | undefined): Promise<HeadObjectCommandOutput> {
    const { HeadObjectCommand } = await sdk();
    const input = { Bucket: this.options.bucket, Key: key, ChecksumMode: "ENABLED" } as const;
    return this.#bucket.ask((client, options) => client.send(new HeadObjectCommand(input), options), {
      signal,
      key,
    });
  }
}

/** Hashes of the whole object. A value with a hyphen is a hash of the parts' hashes, which says nothing about the bytes. */
function offered(head: HeadObjectCommandOutput): ContentHash[] {
  const hashes: ContentHash[] = [];
  const composite = head.ChecksumType === "COMPOSITE";
  const add = (kind: ContentHash["kind"], base64: string | undefined) => {
    if (base64 === undefined || base64.includes("-") || composite) return;
    hashes.push({ kind, value: Buffer.from(base64, "base64").toString("hex") });
  };
  add("sha256", head.ChecksumSHA256);
  add("sha1", head.ChecksumSHA1);
  add("crc64nvme", head.ChecksumCRC64NVME);
  add("crc32c", head.ChecksumCRC32C);
  add("crc32", head.ChecksumCRC32);
  const etag = head.ETag?.replaceAll('"', "");
  // With keys of KMS or of the customer the etag looks like an MD5 and is none.
  const plain = head.SSECustomerAlgorithm === undefined && !head.ServerSideEncryption?.startsWith("aws:kms");
  if (plain && etag !== undefined && /^[0-9a-f]{32}$/.test(etag)) hashes.push({ kind: "md5", value: etag });
  return hashes;
}

function signer() {
  return optionalClient("@aws-sdk/s3-request-presigner", () => import("@aws-sdk/s3-request-presigner"));
}
