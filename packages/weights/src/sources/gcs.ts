import { createPrivateKey } from "node:crypto";
import { addAbortSignal } from "node:stream";
import type { FileMetadata, Storage } from "@google-cloud/storage";
import { ChainsError } from "@truss-chains/errors";
import { TIMEOUT_MS, unreachable } from "../control/request.ts";
import { untilAborted } from "../control/until-aborted.ts";
import { normalizeHash, type Resolution } from "../manifest/pointer.ts";
import { secretField, secretObject } from "../secrets.ts";
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

/** Access tokens live for an hour; the client renews its own a little earlier. */
const TOKEN_LIFETIME_MS = 30 * 60_000;

export interface GcsOptions {
  readonly label: string;
  readonly bucket: string;
  /** A directory, without slashes at its ends; the empty string is the whole bucket. */
  readonly prefix: string;
  readonly secretName: string | null;
}

/** A Google Cloud Storage bucket, read with the official client. `STORAGE_EMULATOR_HOST` replaces Google's. */
export function gcsFetcher(options: GcsOptions, context: SourceContext): WeightsFetcher {
  return new GcsFetcher(options, context);
}

class GcsFetcher implements WeightsFetcher {
  readonly label: string;
  readonly #emulator: string | undefined;
  #storage: Promise<Storage> | undefined;

  constructor(
    private readonly options: GcsOptions,
    private readonly context: SourceContext,
  ) {
    this.label = options.label;
    this.#emulator = endpointFrom(context.env, "STORAGE_EMULATOR_HOST");
  }

  async resolveRevision(): Promise<string> {
    return "";
  }

  async list(signal?: AbortSignal): Promise<readonly RemoteFile[]> {
    const storage = await this.#connect();
    const prefix = asDirectory(this.options.prefix);
    const files: RemoteFile[] = [];
    try {
      const listing = storage.bucket(this.options.bucket).getFilesStream({ prefix });
      if (signal !== undefined) addAbortSignal(signal, listing);
      for await (const file of listing) {
        const { name, metadata } = file as { name: string; metadata: FileMetadata };
        if (!name.endsWith("/")) files.push(this.#file(name.slice(prefix.length), metadata));
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(error);
    }
    return files;
  }

  #file(path: string, metadata: FileMetadata): RemoteFile {
    const hash = strongestHash(offered(metadata));
    const known: KnownFile = {
      path,
      size: Number(metadata.size ?? 0),
      hashtype: (hash?.kind ?? "etag") as "md5" | "crc32c" | "etag",
      hash: hash?.value ?? normalizeHash(metadata.etag ?? crypto.randomUUID()),
      lastModified: metadata.updated === undefined ? null : new Date(metadata.updated),
    };
    return this.recall(known);
  }

  recall(file: KnownFile): RemoteFile {
    return {
      ...file,
      resolution: {
        resolution_type: "gcs",
        path: asDirectory(this.options.prefix) + file.path,
        bucket_name: this.options.bucket,
      },
      uid: `gcs-${file.hash}`,
    };
  }

  async locate(resolution: Resolution, { describe, signal }: LocateOptions): Promise<ByteLocation> {
    if (resolution.resolution_type !== "gcs")
      throw new ChainsError("INTERNAL", "GCS got another source's file.");
    const storage = await this.#connect();
    try {
      const file = storage.bucket(this.options.bucket).file(resolution.path);
      const metadata = describe ? (await untilAborted(file.getMetadata(), signal))[0] : undefined;
      const url = new URL(
        `/storage/v1/b/${encodeURIComponent(this.options.bucket)}/o/${encodeURIComponent(resolution.path)}?alt=media`,
        storage.apiEndpoint,
      );
      // The generation pins the object that was described: a newer one would have other bytes.
      if (metadata?.generation !== undefined) url.searchParams.set("generation", String(metadata.generation));
      return {
        url: url.href,
        headers: await untilAborted(this.#headers(storage), signal),
        expiresAt: Date.now() + TOKEN_LIFETIME_MS,
        size: metadata?.size === undefined ? null : Number(metadata.size),
        etag: null,
        hashes: metadata === undefined ? [] : offered(metadata),
      };
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(error);
    }
  }

  async #headers(storage: Storage): Promise<Record<string, string>> {
    // An emulator takes no tokens, and there is nobody to ask for one.
    if (this.#emulator !== undefined) return {};
    const token = await storage.authClient.getAccessToken();
    return { authorization: `Bearer ${token}` };
  }

  #connect(): Promise<Storage> {
    this.#storage ??= this.#open();
    return this.#storage;
  }

  async #open(): Promise<Storage> {
    const { Storage } = await optionalClient("@google-cloud/storage", () => import("@google-cloud/storage"));
    const { env, secrets } = this.context;
    // Objects are addressed without their project.
    const common = { projectId: "unused", timeout: TIMEOUT_MS, retryOptions: { maxRetries: 3 } };
    if (this.#emulator !== undefined) return new Storage({ ...common, apiEndpoint: this.#emulator });
    const { secretName } = this.options;
    const secret = secretName === null ? undefined : await secretObject(secretName, secrets);
    if (secret !== undefined) {
      return new Storage({
        ...common,
        credentials: {
          client_email: secretField(secret, secretName!, ["client_email"]),
          private_key: privateKey(secret, secretName!),
        },
      });
    }
    const keyFilename = env.GOOGLE_APPLICATION_CREDENTIALS;
    if (!keyFilename) {
      throw new ChainsError(
        "WEIGHTS_CREDENTIALS_INVALID",
        `${this.label} needs credentials, and there are none.`,
        {
          fix: `Store a service account key as the secret \`${secretName ?? "gcp_service_account"}\`, or set GOOGLE_APPLICATION_CREDENTIALS.`,
        },
      );
    }
    // Given, as the client would look for it in the process's own environment.
    return new Storage({ ...common, keyFilename });
  }

  #explain(error: unknown): ChainsError {
    if (error instanceof ChainsError) return error;
    const status = Number((error as { code?: unknown }).code);
    if (status === 404) {
      return new ChainsError("WEIGHTS_NOT_FOUND", `${this.label} does not exist.`, {
        fix: "Check bucket and path.",
        cause: error,
      });
    }
    if (status === 401 || status === 403) {
      return new ChainsError("SOURCE_DENIED", `${this.label} refuses access (${status}).`, {
        fix: `Check the secret \`${this.options.secretName ?? "gcp_service_account"}\` and what it may read.`,
        cause: error,
      });
    }
    if (Number.isInteger(status)) {
      return new ChainsError("SOURCE_UNREACHABLE", `${this.label} answers ${status}.`, {
        fix: "Try again later.",
        cause: error,
      });
    }
    return unreachable(this.#emulator ?? "https://storage.googleapis.com", error);
  }
}

/** Checked here: the client would only say that something in its cryptography went wrong. */
function privateKey(secret: Record<string, unknown>, secretName: string): string {
  const key = secretField(secret, secretName, ["private_key"]);
  try {
    createPrivateKey(key);
    return key;
  } catch {
    throw new ChainsError(
      "WEIGHTS_CREDENTIALS_INVALID",
      `The \`private_key\` in the secret \`${secretName}\` is no private key.`,
      { fix: "Store the service account's key file as it is, with its line breaks written as \\n." },
    );
  }
}

function offered(metadata: FileMetadata): ContentHash[] {
  // Composite objects have no MD5.
  const hashes: ContentHash[] = [];
  const hex = (base64: string) => Buffer.from(base64, "base64").toString("hex");
  if (metadata.md5Hash) hashes.push({ kind: "md5", value: hex(metadata.md5Hash) });
  if (metadata.crc32c) hashes.push({ kind: "crc32c", value: hex(metadata.crc32c) });
  return hashes;
}
