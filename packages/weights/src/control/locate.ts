import { ChainsError } from "@truss-chains/errors";
import type { ByteLocation, ContentHash } from "../sources/fetcher.ts";
import { type ControlResponse, controlRequest } from "./request.ts";
import { shownUrl } from "./url.ts";

export interface LocateRequest {
  readonly url: string;
  /** Sent to the URL's own host alone. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Turns a refusal into an error of the source; falls through to a general one. */
  readonly explain: (response: ControlResponse) => ChainsError | undefined;
  /** What the headers tell about the content. */
  readonly hashesFrom: (response: ControlResponse) => readonly ContentHash[];
  readonly signal?: AbortSignal | undefined;
}

/** Asks for the first byte of a URL, to learn where its bytes really are, how many, and what is known about them. */
export async function locateByRequest(request: LocateRequest): Promise<ByteLocation> {
  const response = await controlRequest({
    url: request.url,
    headers: { range: "bytes=0-0" },
    credentials: request.credentials,
    discardBody: true,
    signal: request.signal,
  });
  // 416 is the right answer for an empty file.
  if (response.status !== 206 && response.status !== 200 && response.status !== 416) {
    throw request.explain(response) ?? refused(request.url, response.status);
  }
  return {
    url: response.url,
    headers: response.sameHost ? request.credentials : {},
    expiresAt: signedUntil(new URL(response.url)),
    size: totalSize(response),
    etag: response.headers.etag ?? null,
    hashes: request.hashesFrom(response),
  };
}

export function refused(url: string, status: number): ChainsError {
  const where = shownUrl(url);
  if (status === 401 || status === 403) {
    return new ChainsError("SOURCE_DENIED", `${where} refuses access (${status}).`, {
      fix: "Check the credentials of the source.",
      data: { status },
    });
  }
  if (status === 404 || status === 410) {
    return new ChainsError("WEIGHTS_NOT_FOUND", `${where} does not exist (${status}).`, {
      fix: "Check the source, or pin it again: the file may have been removed.",
      data: { status },
    });
  }
  return new ChainsError("WEIGHTS_TRANSFER_FAILED", `${where} answers ${status}.`, {
    fix: "Check the source's address.",
    data: { status },
  });
}

function totalSize(response: ControlResponse): number | null {
  const { status, headers } = response;
  const text =
    status === 200
      ? headers["content-length"]
      : /^bytes .*\/(\d+)$/.exec(headers["content-range"] ?? "")?.[1];
  const size = Number(text);
  return text !== undefined && /^\d+$/.test(text) && Number.isSafeInteger(size) ? size : null;
}

/** When a signed URL of S3, CloudFront or the Hub's storage stops working, a little early. */
function signedUntil(url: URL): number | null {
  const margin = 60_000;
  const epoch = url.searchParams.get("Expires");
  if (epoch !== null && /^\d+$/.test(epoch)) return Number(epoch) * 1000 - margin;
  const seconds = url.searchParams.get("X-Amz-Expires");
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(url.searchParams.get("X-Amz-Date") ?? "");
  if (seconds === null || !/^\d+$/.test(seconds) || date === null) return null;
  const [, year, month, day, hour, minute, second] = date.map(Number) as number[];
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) + Number(seconds) * 1000 - margin;
}
