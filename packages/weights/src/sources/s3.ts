import type { HeadObjectCommandOutput, S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { ChainsError } from "@truss-chains/errors";
import pMap from "p-map";
import { TIMEOUT_MS, unreachable } from "../control/request.ts";
import { normalizeHash, type Resolution } from "../manifest/pointer.ts";
import { optionalSecretField, secretField, secretObject } from "../secrets.ts";
import { endpointFrom } from "./endpoint.ts";
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

const SIGNATURE_LIFETIME_SECS = 3600;
const RENEW_EARLY_MS = 5 * 60_000;
const HEADS_AT_ONCE = 16;

export interface S3Options {
  readonly label: string;
  readonly bucket: string;
  /** A directory: without slashes at its ends; the empty string is the whole bucket. */
  readonly prefix: string;
  /** `null` is AWS itself, or what `AWS_ENDPOINT_URL_S3` says. */
  readonly endpoint: string | null;
  /** `null` leaves it to the secret, then to the environment. */
  readonly region: string | null;
  readonly secretName: string | null;
}

/** A bucket of S3 or of a service that speaks its protocol, read with the official client. */
export function s3Fetcher(options: S3Options, context: SourceContext): WeightsFetcher {
  return new S3Fetcher(options, context);
}

class S3Fetcher implements WeightsFetcher {
  readonly label: string;
  /** `undefined` is AWS itself. */
  readonly #endpoint: string | undefined;
  #client: Promise<S3Client> | undefined;

  constructor(
    private readonly options: S3Options,
    private readonly context: SourceContext,
  ) {
    this.label = options.label;
    this.#endpoint = options.endpoint ?? endpointFrom(context.env, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
  }

  async resolveRevision(): Promise<string> {
    return "";
  }

  async list(signal?: AbortSignal): Promise<readonly RemoteFile[]> {
    const client = await this.#connect();
    const { paginateListObjectsV2 } = await sdk();
    const directory = asDirectory(this.options.prefix);
    const objects: { key: string; size: number; modified: Date | null }[] = [];
    try {
      for await (const page of paginateListObjectsV2(
        { client },
        { Bucket: this.options.bucket, Prefix: directory },
        signal ? { abortSignal: signal } : {},
      )) {
        for (const object of page.Contents ?? []) {
          // A key that ends in a slash is how consoles draw an empty folder.
          if (object.Key === undefined || object.Key.endsWith("/")) continue;
          objects.push({ key: object.Key, size: object.Size ?? 0, modified: object.LastModified ?? null });
        }
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(error);
    }
    return pMap(
      objects,
      async ({ key, size, modified }) => {
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
      },
      { concurrency: HEADS_AT_ONCE },
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
    const client = await this.#connect();
    const { GetObjectCommand } = await sdk();
    const { getSignedUrl } = await signer();
    const command = new GetObjectCommand({ Bucket: this.options.bucket, Key: resolution.key });
    let url: string;
    try {
      url = await getSignedUrl(client, command, { expiresIn: SIGNATURE_LIFETIME_SECS });
    } catch (error) {
      throw this.#explain(error);
    }
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
    const client = await this.#connect();
    const { HeadObjectCommand } = await sdk();
    try {
      return await client.send(
        new HeadObjectCommand({ Bucket: this.options.bucket, Key: key, ChecksumMode: "ENABLED" }),
        signal ? { abortSignal: signal } : {},
      );
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(error, key);
    }
  }

  #connect(): Promise<S3Client> {
    this.#client ??= this.#open();
    return this.#client;
  }

  async #open(): Promise<S3Client> {
    const { S3Client } = await sdk();
    const { env, secrets } = this.context;
    const secret =
      this.options.secretName === null ? undefined : await secretObject(this.options.secretName, secrets);
    const endpoint = this.#endpoint;
    const region =
      this.options.region ??
      (secret && optionalSecretField(secret, ["region", "aws_region"])) ??
      (env.AWS_REGION || env.AWS_DEFAULT_REGION || null);
    const config: S3ClientConfig = {
      // A bucket of another region answers with a redirect that names it.
      followRegionRedirects: true,
      region: region ?? "us-east-1",
      maxAttempts: 5,
      requestHandler: { connectionTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
      // Anything but AWS rarely has the wildcard certificates that bucket host names need.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    };
    if (secret === undefined) return new S3Client({ ...config, ...this.#otherCredentials() });
    const name = this.options.secretName!;
    const sessionToken = optionalSecretField(secret, ["session_token", "aws_session_token"]);
    return new S3Client({
      ...config,
      credentials: {
        accessKeyId: secretField(secret, name, ["access_key_id", "aws_access_key_id"]),
        secretAccessKey: secretField(secret, name, ["secret_access_key", "aws_secret_access_key"]),
        ...(sessionToken !== undefined && { sessionToken }),
      },
    });
  }

  /** Without the secret the official client looks around; looking at the network for a machine's role takes seconds. */
  #otherCredentials(): Pick<S3ClientConfig, "credentials" | "profile"> {
    const { env } = this.context;
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE } = env;
    // Given, as the client would look for them in the process's own environment.
    if (AWS_PROFILE) return { profile: AWS_PROFILE };
    if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
      return {
        credentials: {
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
        },
      };
    }
    const known = [
      "AWS_WEB_IDENTITY_TOKEN_FILE",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_SHARED_CREDENTIALS_FILE",
      "AWS_CONFIG_FILE",
    ];
    if (known.some((name) => env[name])) return {};
    throw new ChainsError(
      "WEIGHTS_CREDENTIALS_INVALID",
      `${this.label} needs credentials, and there are none.`,
      {
        fix:
          `Store {"access_key_id": …, "secret_access_key": …, "region": …} as the secret ` +
          `\`${this.options.secretName ?? "aws_credentials"}\`, or set the usual AWS variables.`,
      },
    );
  }

  #explain(error: unknown, key?: string): ChainsError {
    if (error instanceof ChainsError) return error;
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    const status = $metadata?.httpStatusCode;
    const what = key === undefined ? this.label : `${this.label} (${key})`;
    if (status === 404) {
      return new ChainsError("WEIGHTS_NOT_FOUND", `${what} does not exist.`, {
        fix: "Check bucket and path.",
        cause: error,
      });
    }
    if (status === 401 || status === 403 || name === "CredentialsProviderError") {
      return new ChainsError("SOURCE_DENIED", `${what} refuses access (${name ?? status}).`, {
        fix: `Check the secret \`${this.options.secretName ?? "aws_credentials"}\` and what it may read.`,
        cause: error,
      });
    }
    if (status !== undefined) {
      return new ChainsError("SOURCE_UNREACHABLE", `${what} answers ${status} (${name}).`, {
        fix: "Try again later.",
        cause: error,
      });
    }
    return unreachable(this.#endpoint ?? "https://s3.amazonaws.com", error);
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

function sdk() {
  return optionalClient("@aws-sdk/client-s3", () => import("@aws-sdk/client-s3"));
}

function signer() {
  return optionalClient("@aws-sdk/s3-request-presigner", () => import("@aws-sdk/s3-request-presigner"));
}
