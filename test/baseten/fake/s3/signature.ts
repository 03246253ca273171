import { createHash, timingSafeEqual } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { S3Fault } from "./s3-fault.ts";

/** Temporary credentials, as the service of security tokens gives them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface SignedRequest {
  readonly method: string;
  /** As it was sent, escapes and all. */
  readonly rawUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** The id of the key that a request is signed with. */
export function accessKeyOf({ headers }: SignedRequest): string {
  const [, id] = AUTHORIZATION.exec(headers.authorization ?? "") ?? [];
  if (id === undefined)
    throw new S3Fault(403, "AccessDenied", "The request is not signed with AWS4-HMAC-SHA256.");
  return id;
}

/** Checks the request's signature and the digest of its body. @throws S3Fault */
export async function checkSignature(
  request: SignedRequest,
  credentials: Credentials,
  bucketRegion: string,
): Promise<void> {
  const { headers } = request;
  const [, , day, region, service, signed, signature] = AUTHORIZATION.exec(headers.authorization ?? "")!;
  if (service !== "s3") throw new S3Fault(403, "SignatureDoesNotMatch", `Signed for ${service}.`);
  if (region !== bucketRegion)
    throw new S3Fault(
      400,
      "AuthorizationHeaderMalformed",
      `the region '${region}' is wrong; expecting '${bucketRegion}'`,
      bucketRegion,
    );
  if (headers["x-amz-security-token"] !== credentials.sessionToken)
    throw new S3Fault(403, "InvalidToken", "The provided token is malformed or otherwise invalid.");
  const names = signed!.split(";");
  for (const name of ["host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"])
    if (!names.includes(name)) throw new S3Fault(403, "AccessDenied", `${name} is not signed.`);
  const date = dateOf(headers["x-amz-date"] ?? "", day!);
  const url = new URL(request.rawUrl, `http://${headers.host}`);
  const signer = new SignatureV4({
    credentials,
    region,
    service,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const fresh = await signer.sign(
    {
      method: request.method,
      protocol: "http:",
      hostname: url.hostname,
      path: request.rawUrl.split("?")[0]!,
      query: queryOf(url),
      headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ""])),
    },
    { signingDate: date, signableHeaders: new Set(names) },
  );
  const own = AUTHORIZATION.exec(fresh.headers.authorization ?? "")?.[6] ?? "";
  if (own.length !== signature!.length || !timingSafeEqual(Buffer.from(own), Buffer.from(signature!)))
    throw new S3Fault(403, "SignatureDoesNotMatch", "The signature does not match.");
  checkBody(request);
}

function dateOf(text: string, day: string): Date {
  const [, year, month, date, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (year === undefined || `${year}${month}${date}` !== day)
    throw new S3Fault(403, "AccessDenied", "The date is missing or not that of the scope.");
  const at = new Date(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`);
  if (Math.abs(Date.now() - at.getTime()) > 15 * 60_000)
    throw new S3Fault(403, "RequestTimeTooSkewed", "The difference between the clocks is too large.");
  return at;
}

function queryOf(url: URL): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((key) => {
      const values = url.searchParams.getAll(key);
      return [key, values.length === 1 ? values[0]! : values];
    }),
  );
}

function checkBody({ headers, body }: SignedRequest): void {
  const told = headers["x-amz-content-sha256"] ?? "";
  if (told === "UNSIGNED-PAYLOAD")
    throw new S3Fault(400, "InvalidRequest", "Sign the payload where there is no TLS.");
  if (!/^[0-9a-f]{64}$/.test(told)) throw new S3Fault(501, "NotImplemented", `Payload of the kind ${told}.`);
  if (createHash("sha256").update(body).digest("hex") !== told)
    throw new S3Fault(400, "XAmzContentSHA256Mismatch", "The body is not the one that was signed.");
}
