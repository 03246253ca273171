import type { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { ChainsError } from "@truss-chains/errors";
import { unreachable } from "../control/request.ts";
import { normalizeHash, type Resolution } from "../manifest/pointer.ts";
import { secretField, secretObject } from "../secrets.ts";
import { endpointFrom } from "./endpoint.ts";
import type {
  ByteLocation,
  ContentHash,
  KnownFile,
  LocateOptions,
  RemoteFile,
  SourceContext,
  WeightsFetcher,
} from "./fetcher.ts";
import { optionalClient } from "./optional-client.ts";
import { asDirectory } from "./reference.ts";

const SIGNATURE_LIFETIME_MS = 60 * 60_000;
const RENEW_EARLY_MS = 5 * 60_000;
/** Clocks differ: a signature that is valid from now on may not be valid yet over there. */
const CLOCK_SKEW_MS = 5 * 60_000;

export interface AzureOptions {
  readonly label: string;
  readonly account: string;
  readonly container: string;
  /** A directory, without slashes at its ends; the empty string is the whole container. */
  readonly prefix: string;
  readonly secretName: string | null;
}

/** A container of Azure Blob Storage, read with the official client. `AZURE_STORAGE_SERVICE_ENDPOINT` replaces Azure's. */
export function azureFetcher(options: AzureOptions, context: SourceContext): WeightsFetcher {
  return new AzureFetcher(options, context);
}

interface Connection {
  readonly client: BlobServiceClient;
  readonly key: StorageSharedKeyCredential;
}

class AzureFetcher implements WeightsFetcher {
  readonly label: string;
  #connection: Promise<Connection> | undefined;

  constructor(
    private readonly options: AzureOptions,
    private readonly context: SourceContext,
  ) {
    this.label = options.label;
  }

  async resolveRevision(): Promise<string> {
    return "";
  }

  async list(signal?: AbortSignal): Promise<readonly RemoteFile[]> {
    const { client } = await this.#connect();
    const prefix = asDirectory(this.options.prefix);
    const files: RemoteFile[] = [];
    try {
      const listing = client.getContainerClient(this.options.container).listBlobsFlat({
        prefix,
        ...(signal && { abortSignal: signal }),
      });
      for await (const { name, properties } of listing) {
        if (name.endsWith("/")) continue;
        const md5 = offered(properties.contentMD5)[0];
        const known: KnownFile = {
          path: name.slice(prefix.length),
          size: properties.contentLength ?? 0,
          hashtype: md5 === undefined ? "etag" : "md5",
          hash: md5?.value ?? normalizeHash(properties.etag || `azure-${crypto.randomUUID()}`),
          lastModified: properties.lastModified ?? null,
        };
        files.push(this.recall(known));
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(error, client);
    }
    return files;
  }

  recall(file: KnownFile): RemoteFile {
    const { account, container } = this.options;
    const name = asDirectory(this.options.prefix) + file.path;
    return {
      ...file,
      resolution: {
        resolution_type: "azure",
        account_name: account,
        container_name: container,
        blob_name: name,
      },
      uid: `azure:${account}:${container}:${name}`,
    };
  }

  async locate(resolution: Resolution, { describe, signal }: LocateOptions): Promise<ByteLocation> {
    if (resolution.resolution_type !== "azure")
      throw new ChainsError("INTERNAL", "Azure got another source's file.");
    const { client, key } = await this.#connect();
    const { BlobSASPermissions, generateBlobSASQueryParameters, SASProtocol } = await sdk();
    const blob = client.getContainerClient(this.options.container).getBlobClient(resolution.blob_name);
    try {
      const known = describe ? await blob.getProperties(signal ? { abortSignal: signal } : {}) : undefined;
      const now = Date.now();
      const signature = generateBlobSASQueryParameters(
        {
          containerName: this.options.container,
          blobName: resolution.blob_name,
          permissions: BlobSASPermissions.parse("r"),
          startsOn: new Date(now - CLOCK_SKEW_MS),
          expiresOn: new Date(now + SIGNATURE_LIFETIME_MS),
          protocol: blob.url.startsWith("https:") ? SASProtocol.Https : SASProtocol.HttpsAndHttp,
        },
        key,
      );
      return {
        url: `${blob.url}?${signature}`,
        headers: known?.etag === undefined ? {} : { "if-match": known.etag },
        expiresAt: now + SIGNATURE_LIFETIME_MS - RENEW_EARLY_MS,
        size: known?.contentLength ?? null,
        etag: known?.etag ?? null,
        hashes: offered(known?.contentMD5),
      };
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(error, client);
    }
  }

  #connect(): Promise<Connection> {
    this.#connection ??= this.#open();
    return this.#connection;
  }

  async #open(): Promise<Connection> {
    const { BlobServiceClient, StorageSharedKeyCredential } = await sdk();
    const { account, secretName } = this.options;
    const secret = secretName === null ? undefined : await secretObject(secretName, this.context.secrets);
    const accountKey =
      secret === undefined
        ? this.context.env.AZURE_STORAGE_KEY
        : secretField(secret, secretName!, ["account_key"]);
    if (!accountKey) {
      throw new ChainsError(
        "WEIGHTS_CREDENTIALS_INVALID",
        `${this.label} needs credentials, and there are none.`,
        {
          fix: `Store {"account_key": …} as the secret \`${secretName ?? "azure_credentials"}\`.`,
        },
      );
    }
    const key = new StorageSharedKeyCredential(account, accountKey);
    const emulator = secret?.use_emulator === true ? `http://127.0.0.1:10000/${account}` : undefined;
    const endpoint =
      endpointFrom(this.context.env, "AZURE_STORAGE_SERVICE_ENDPOINT") ??
      emulator ??
      `https://${account}.blob.core.windows.net`;
    return { client: new BlobServiceClient(endpoint, key, { retryOptions: { maxTries: 4 } }), key };
  }

  #explain(error: unknown, client: BlobServiceClient): ChainsError {
    if (error instanceof ChainsError) return error;
    const { statusCode: status, code } = error as { statusCode?: number; code?: string };
    if (status === 404) {
      return new ChainsError("WEIGHTS_NOT_FOUND", `${this.label} does not exist.`, {
        fix: "Check container and path.",
        cause: error,
      });
    }
    if (status === 401 || status === 403) {
      return new ChainsError("SOURCE_DENIED", `${this.label} refuses access (${code ?? status}).`, {
        fix: `Check the secret \`${this.options.secretName ?? "azure_credentials"}\`.`,
        cause: error,
      });
    }
    if (status !== undefined) {
      return new ChainsError("SOURCE_UNREACHABLE", `${this.label} answers ${status}.`, {
        fix: "Try again later.",
        cause: error,
      });
    }
    return unreachable(client.url, error);
  }
}

function offered(md5: Uint8Array | undefined): ContentHash[] {
  return md5?.length === 16 ? [{ kind: "md5", value: Buffer.from(md5).toString("hex") }] : [];
}

function sdk() {
  return optionalClient("@azure/storage-blob", () => import("@azure/storage-blob"));
}
