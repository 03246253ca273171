import { setTimeout as delay } from "node:timers/promises";
import { ChainsError } from "@truss-chains/errors";
import { request } from "undici";

const TIMEOUT_MS = 30_000;
const ATTEMPTS = 4;
const RETRY_DELAY_MS = 250;

export interface RegionOptions {
  /** Milliseconds without an answer before it is asked again. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The region of a bucket, which S3 tells anyone who names it, allowed in or not; undefined where it does not. */
export async function bucketRegion(
  bucket: string,
  endpoint: string,
  { timeoutMs = TIMEOUT_MS, signal }: RegionOptions = {},
): Promise<string | undefined> {
  const url = `${endpoint.replace(/\/+$/, "")}/${encodeURIComponent(bucket)}`;
  const headersTimeout = Math.min(timeoutMs, TIMEOUT_MS);
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await request(url, { method: "HEAD", headersTimeout, ...(signal && { signal }) });
      await answer.body.dump();
      const region = answer.headers["x-amz-bucket-region"];
      return typeof region === "string" ? region : undefined;
    } catch (thrown) {
      if (signal?.aborted || attempt === ATTEMPTS) throw unreachable(endpoint, thrown as Error);
      await delay(RETRY_DELAY_MS * attempt);
    }
  }
}

function unreachable(endpoint: string, cause: Error): ChainsError {
  return new ChainsError("UPLOAD_FAILED", `${endpoint} cannot be reached: ${cause.message}.`, {
    fix: "Check your connection; a proxy may have to let S3 pass.",
    cause,
  });
}
