import { ChainsError } from "@truss-chains/errors";
import { request } from "undici";

const TIMEOUT_MS = 30_000;

/** The region of a bucket, which S3 tells anyone who names it, allowed in or not; undefined where it does not. */
export async function bucketRegion(bucket: string, endpoint: string): Promise<string | undefined> {
  const url = `${endpoint.replace(/\/+$/, "")}/${encodeURIComponent(bucket)}`;
  const answer = await request(url, { method: "HEAD", headersTimeout: TIMEOUT_MS }).catch((thrown: Error) => {
    throw new ChainsError("UPLOAD_FAILED", `${endpoint} cannot be reached: ${thrown.message}.`, {
      fix: "Check your connection; a proxy may have to let S3 pass.",
      cause: thrown,
    });
  });
  await answer.body.dump();
  const region = answer.headers["x-amz-bucket-region"];
  return typeof region === "string" ? region : undefined;
}
