import { ChainsError } from "@truss-chains/errors";
import { request } from "undici";

const AWS = "https://s3.amazonaws.com";

/** The region of a bucket. S3 tells it to anyone who names the bucket, allowed in or not. */
export async function bucketRegion(bucket: string, base = AWS): Promise<string> {
  const url = `${base}/${encodeURIComponent(bucket)}`;
  const answer = await request(url, { method: "HEAD", headersTimeout: 30_000 }).catch((thrown: Error) => {
    throw new ChainsError("UPLOAD_FAILED", `${base} cannot be reached: ${thrown.message}.`, {
      fix: "Check your connection; a proxy may have to let S3 pass.",
      cause: thrown,
    });
  });
  await answer.body.dump();
  const region = answer.headers["x-amz-bucket-region"];
  if (typeof region === "string") return region;
  throw new ChainsError("UPLOAD_FAILED", `S3 does not tell the region of the bucket ${bucket}.`, {
    fix: "Set region in ~/.aws/config.",
  });
}
