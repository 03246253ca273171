import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { listen, sendRange } from "./hub.ts";
import { signedRegion, verifySignature } from "./sigv4.ts";

export interface S3Object {
  readonly content: Buffer;
  /** Default: the MD5, as of objects uploaded in one part. */
  readonly etag?: string;
  /** `x-amz-checksum-…` headers and the like, given when checksums are asked for. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const KEYS = { accessKeyId: "AKIATEST", secretAccessKey: "a/secret+key" };

/** An S3 service with path-style buckets that answers nothing without a right signature. */
export class FakeS3 {
  /** By `bucket/key`. */
  readonly objects = new Map<string, S3Object>();
  readonly requests: string[] = [];
  /** Where its buckets are, when that is to matter. */
  region: string | undefined;
  url = "";

  static async start(): Promise<FakeS3> {
    const s3 = new FakeS3();
    s3.url = await listen("127.0.0.1", (request, response) => s3.#serve(request, response));
    return s3;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, this.url);
    this.requests.push(`${request.method} ${url.pathname}`);
    if (!verifySignature(request, KEYS)) {
      fail(request, response, 403, "SignatureDoesNotMatch");
      return;
    }
    if (this.region !== undefined && signedRegion(request) !== this.region) {
      response.setHeader("x-amz-bucket-region", this.region);
      fail(request, response, 301, "PermanentRedirect");
      return;
    }
    const path = decodeURIComponent(url.pathname.slice(1));
    if (url.searchParams.get("list-type") === "2") {
      this.#list(path.replace(/\/$/, ""), url, response);
      return;
    }
    const object = this.objects.get(path);
    if (object === undefined) {
      fail(request, response, 404, "NoSuchKey");
      return;
    }
    const etag = object.etag ?? `"${createHash("md5").update(object.content).digest("hex")}"`;
    if (request.headers["if-match"] !== undefined && request.headers["if-match"] !== etag) {
      fail(request, response, 412, "PreconditionFailed");
      return;
    }
    response.setHeader("etag", etag);
    response.setHeader("last-modified", new Date(1_700_000_000_000).toUTCString());
    if (request.headers["x-amz-checksum-mode"] === "ENABLED") {
      for (const [name, value] of Object.entries(object.headers ?? {})) response.setHeader(name, value);
    }
    sendRange(request, response, object.content);
  }

  #list(bucket: string, url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get("prefix") ?? "";
    const from = Number(url.searchParams.get("continuation-token") ?? 0);
    const keys = [...this.objects.keys()].filter((path) => path.startsWith(`${bucket}/${prefix}`)).sort();
    const page = keys.slice(from, from + 2).map((path) => {
      const size = this.objects.get(path)!.content.length;
      const key = path.slice(bucket.length + 1).replaceAll("&", "&amp;");
      return `<Contents><Key>${key}</Key><Size>${size}</Size><LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents>`;
    });
    const more = from + 2 < keys.length;
    const next = more ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : "";
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(
      `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${page.join("")}</ListBucketResult>`,
    );
  }
}

function fail(request: IncomingMessage, response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(
    request.method === "HEAD" ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
}
