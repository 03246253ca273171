import type { S3Client } from "@aws-sdk/client-s3";
import type { UploadTarget } from "../api/upload-credentials.ts";
import type { S3Settings } from "./aws-config.ts";
import { bucketRegion } from "./bucket-region.ts";

const ATTEMPTS = 6;
const AWS = "https://s3.amazonaws.com";

export interface S3Limits {
  readonly connections: number;
  /** Milliseconds without a sign of life before a request is sent again. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** A client for one upload. Its credentials are those of the target and nothing else. */
export async function openS3(
  { bucket, credentials }: UploadTarget,
  settings: S3Settings,
  { connections, timeoutMs, signal }: S3Limits,
): Promise<S3Client> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const { endpoint = AWS } = settings;
  // The configured region is that of the user's own buckets, so the bucket is asked first.
  const region =
    (await bucketRegion(bucket, endpoint, { timeoutMs, signal })) ?? settings.region ?? "us-east-1";
  return new S3Client({
    credentials,
    region,
    // Given in any case, as the client would else follow the environment.
    endpoint: settings.endpoint ?? `https://s3.${region}.amazonaws.com`,
    forcePathStyle: settings.forcePathStyle,
    maxAttempts: ATTEMPTS,
    retryMode: "standard",
    // The signature covers the digest of every body; another checksum would say the same again.
    requestChecksumCalculation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: Math.min(10_000, timeoutMs),
      // Of silence: a slow line may take as long as it wants for a part.
      socketTimeout: timeoutMs,
      httpAgent: { maxSockets: connections },
      httpsAgent: { maxSockets: connections },
    },
  });
}
