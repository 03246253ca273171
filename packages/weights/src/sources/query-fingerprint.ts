import { createHash } from "node:crypto";

/** Parameters that say who may read a file, and until when; not which. Those of S3, CloudFront, Google and Azure. */
const SIGNING =
  /^(x-amz-.*|x-goog-.*|awsaccesskeyid|googleaccessid|signature|expires|policy|key-pair-id|(access_)?token|s[vterp]|sip|spr|sig|ss|srt|sko?id|sktid|sk[tesv])$/i;

/**
 * Tells files apart whose addresses differ in their query alone, without showing it: it often holds a signature. The
 * signature itself does not count, so that a file stays the same when its address is signed anew.
 *
 * @returns `?…3f2a9c1b`; the empty string when the query names nothing
 */
export function queryFingerprint(url: URL): string {
  const naming = [...url.searchParams].filter(([name]) => !SIGNING.test(name));
  if (naming.length === 0) return "";
  return `?…${createHash("sha256").update(JSON.stringify(naming)).digest("hex").slice(0, 8)}`;
}
