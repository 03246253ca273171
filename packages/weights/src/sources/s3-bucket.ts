import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { ChainsError } from "@truss-chains/errors";
import { TIMEOUT_MS, unreachable } from "../control/request.ts";
import { optionalSecretField, secretField, secretObject } from "../secrets.ts";
import { endpointFrom } from "./endpoint.ts";
import type { SourceContext } from "./fetcher.ts";
import { optionalClient } from "./optional-client.ts";

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

export interface S3Question {
  readonly signal?: AbortSignal | undefined;
  /** The object that it is about. */
  readonly key?: string;
}

/** The official client of one bucket: its credentials, its region, and its refusals in words. */
export class S3Bucket {
  /** `undefined` is AWS itself. */
  readonly #endpoint: string | undefined;
  #client: Promise<S3Client> | undefined;
  /** Where the bucket is, once it has said so. */
  #region: string | undefined;

  constructor(
    private readonly options: S3Options,
    private readonly context: SourceContext,
  ) {
    this.#endpoint = options.endpoint ?? endpointFrom(context.env, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
  }

  /**
   * Asks something. A bucket that says that it is in another region is asked there: what is signed from then on is
   * good for that region, which the client's own way of following does not achieve.
   *
   * @throws ChainsError `SOURCE_*`, `WEIGHTS_NOT_FOUND`, `WEIGHTS_CREDENTIALS_INVALID`; the signal's reason
   */
  async ask<T>(
    question: (client: S3Client, options: { abortSignal?: AbortSignal }) => Promise<T>,
    { signal, key }: S3Question = {},
  ): Promise<T> {
    this.#client ??= this.#open();
    const client = await this.#client;
    const options = signal ? { abortSignal: signal } : {};
    const asked = this.#region;
    try {
      return await question(client, options).catch((error) => {
        const region = regionTold(error);
        if (region === undefined || region === asked) throw error;
        this.#region = region;
        return question(client, options);
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(error, key);
    }
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
      (env.AWS_REGION || env.AWS_DEFAULT_REGION || "us-east-1");
    const config: S3ClientConfig = {
      region: async () => this.#region ?? region,
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
      `${this.options.label} needs credentials, and there are none.`,
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
    const { label } = this.options;
    const what = key === undefined ? label : `${label} (${key})`;
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

/** The region that a bucket is in, when that is why it refuses. */
function regionTold(error: unknown): string | undefined {
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Record<string, string> };
  };
  const status = $metadata?.httpStatusCode ?? 0;
  return [301, 307, 400].includes(status) ? $response?.headers?.["x-amz-bucket-region"] : undefined;
}

/** Loads the client. */
export function sdk() {
  return optionalClient("@aws-sdk/client-s3", () => import("@aws-sdk/client-s3"));
}
