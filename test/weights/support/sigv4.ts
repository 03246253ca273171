import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Checks AWS Signature Version 4 of a request, from the published algorithm, in a header or in the query. */
export function verifySignature(
  request: IncomingMessage,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): boolean {
  const url = new URL(request.url!, "http://host");
  const claim = url.searchParams.has("X-Amz-Signature") ? fromQuery(url) : fromHeader(request);
  if (claim === undefined) return false;
  const [accessKeyId, date, region, service] = claim.credential.split("/");
  if (accessKeyId !== keys.accessKeyId || service !== "s3") return false;
  const canonical = [
    request.method,
    url.pathname,
    canonicalQuery(url),
    ...claim.signedHeaders.map(
      (name) =>
        `${name}:${String(request.headers[name] ?? "")
          .trim()
          .replace(/ +/g, " ")}`,
    ),
    "",
    claim.signedHeaders.join(";"),
    claim.payloadHash,
  ].join("\n");
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = [
    "AWS4-HMAC-SHA256",
    claim.time,
    scope,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  const key = [date!, region!, service!, "aws4_request"].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${keys.secretAccessKey}`),
  );
  const expected = hmac(key, toSign);
  const given = Buffer.from(claim.signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** The region that a request was signed for; `undefined` when it was not signed. */
export function signedRegion(request: IncomingMessage): string | undefined {
  const url = new URL(request.url!, "http://host");
  const claim = url.searchParams.has("X-Amz-Signature") ? fromQuery(url) : fromHeader(request);
  return claim?.credential.split("/")[2];
}

interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly time: string;
  readonly payloadHash: string;
}

function fromHeader(request: IncomingMessage): Claim | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=(\S+), ?SignedHeaders=(\S+), ?Signature=(\w+)$/.exec(
    request.headers.authorization ?? "",
  );
  if (match === null) return undefined;
  return {
    credential: match[1]!,
    signedHeaders: match[2]!.split(";"),
    signature: match[3]!,
    time: String(request.headers["x-amz-date"]),
    payloadHash: String(request.headers["x-amz-content-sha256"]),
  };
}

function fromQuery({ searchParams }: URL): Claim | undefined {
  const time = searchParams.get("X-Amz-Date")!;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/
    .exec(time)!
    .map(Number);
  const ends =
    Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) +
    Number(searchParams.get("X-Amz-Expires")) * 1000;
  if (Date.now() > ends) return undefined;
  return {
    credential: searchParams.get("X-Amz-Credential")!,
    signedHeaders: searchParams.get("X-Amz-SignedHeaders")!.split(";"),
    signature: searchParams.get("X-Amz-Signature")!,
    time,
    payloadHash: "UNSIGNED-PAYLOAD",
  };
}

function canonicalQuery({ searchParams }: URL): string {
  return [...searchParams]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
