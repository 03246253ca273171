import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Bucket } from "./bucket.ts";
import { S3Fault } from "./s3-fault.ts";
import { accessKeyOf, type Credentials, checkSignature, type SignedRequest } from "./signature.ts";

interface Grant {
  readonly credentials: Credentials;
  readonly bucket: string;
  readonly prefix: string;
  expired: boolean;
}

/** A request, before its body is read. */
export interface S3Call {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  /** Starting at 1, over all requests. */
  readonly count: number;
}

/** What goes wrong with a call: a status; the connection lost, or nothing read any more, after so many bytes. */
export type S3Trouble =
  | { readonly status: number; readonly code: string }
  | { readonly loseAfterBytes: number }
  | { readonly stallAfterBytes: number };

/**
 * S3 as far as uploads need it, strict: signatures, digests of bodies, temporary credentials that hold for one prefix
 * and can run out, regions, sizes of parts. Path-style addresses.
 */
export class S3Server {
  readonly region: string;
  readonly buckets = new Map<string, Bucket>();
  readonly calls: S3Call[] = [];
  /** Asked about every call. */
  trouble: (call: S3Call) => S3Trouble | undefined = () => undefined;
  readonly #grants = new Map<string, Grant>();
  readonly #server: Server;

  private constructor(region: string) {
    this.region = region;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start({ region = "us-west-2" } = {}): Promise<S3Server> {
    const s3 = new S3Server(region);
    await new Promise<void>((done) => s3.#server.listen(0, "127.0.0.1", done));
    return s3;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  bucket(name: string): Bucket {
    const bucket = this.buckets.get(name) ?? new Bucket();
    this.buckets.set(name, bucket);
    return bucket;
  }

  /** Credentials for what is below a prefix. */
  grant(bucket: string, prefix: string): Credentials {
    const credentials = {
      accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
      secretAccessKey: randomBytes(20).toString("hex"),
      sessionToken: randomBytes(48).toString("base64"),
    };
    this.#grants.set(credentials.accessKeyId, { credentials, bucket, prefix, expired: false });
    return credentials;
  }

  /** Lets every credential that was given so far run out. */
  expireAll(): void {
    for (const grant of this.#grants.values()) grant.expired = true;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    const [, bucketName = "", ...rest] = decodeURIComponent(url.pathname).split("/");
    const call: S3Call = {
      method: request.method!,
      key: rest.join("/"),
      query: url.searchParams,
      count: this.calls.length + 1,
    };
    this.calls.push(call);
    try {
      const trouble = this.trouble(call);
      if (trouble && "stallAfterBytes" in trouble) return await read(request, trouble.stallAfterBytes);
      if (call.method === "HEAD")
        return void response.writeHead(403, { "x-amz-bucket-region": this.region }).end();
      if (trouble && "loseAfterBytes" in trouble) return await loseAfter(request, trouble.loseAfterBytes);
      const body = await readBody(request);
      if (trouble) throw new S3Fault(trouble.status, trouble.code, "Something went wrong on our side.");
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      await this.#authorize(
        { method: call.method, rawUrl: request.url!, headers, body },
        bucketName,
        call.key,
      );
      this.#answer(call, this.bucket(bucketName), body, response);
    } catch (thrown) {
      if (!(thrown instanceof S3Fault)) {
        response.destroy();
        return;
      }
      const headers = {
        "content-type": "application/xml",
        ...(thrown.region && { "x-amz-bucket-region": thrown.region }),
      };
      response.writeHead(thrown.status, headers).end(thrown.toXml());
    }
  }

  async #authorize(request: SignedRequest, bucket: string, key: string): Promise<void> {
    const grant = this.#grants.get(accessKeyOf(request));
    if (!grant) throw new S3Fault(403, "InvalidAccessKeyId", "The access key id does not exist.");
    await checkSignature(request, grant.credentials, this.region);
    if (grant.expired) throw new S3Fault(400, "ExpiredToken", "The provided token has expired.");
    if (grant.bucket !== bucket || !key.startsWith(grant.prefix))
      throw new S3Fault(403, "AccessDenied", "Access Denied");
  }

  #answer({ method, key, query }: S3Call, bucket: Bucket, body: Buffer, response: ServerResponse): void {
    const id = query.get("uploadId");
    const xml = (text: string) => response.writeHead(200, { "content-type": "application/xml" }).end(text);
    if (method === "PUT" && id !== null) {
      response.writeHead(200, { etag: bucket.putPart(id, key, Number(query.get("partNumber")), body) }).end();
    } else if (method === "PUT") {
      response.writeHead(200, { etag: bucket.put(key, body) }).end();
    } else if (method === "POST" && query.has("uploads")) {
      xml(
        `<InitiateMultipartUploadResult><Key>${key}</Key><UploadId>${bucket.begin(key)}</UploadId></InitiateMultipartUploadResult>`,
      );
    } else if (method === "POST" && id !== null) {
      const tag = bucket.complete(id, key, partsOf(body.toString()));
      xml(
        `<CompleteMultipartUploadResult><Key>${key}</Key><ETag>${tag.replaceAll('"', "&quot;")}</ETag></CompleteMultipartUploadResult>`,
      );
    } else if (method === "DELETE" && id !== null) {
      bucket.abort(id, key);
      response.writeHead(204).end();
    } else if (method === "GET" && id !== null) {
      xml(listing(bucket.listParts(id, key), Number(query.get("part-number-marker") ?? 0)));
    } else {
      throw new S3Fault(501, "NotImplemented", `${method} with ${[...query.keys()].join(", ")}`);
    }
  }
}

const PAGE = 1000;

function listing(all: readonly { number: number; etag: string; size: number }[], marker: number): string {
  const after = all.filter(({ number }) => number > marker);
  const page = after.slice(0, PAGE);
  const parts = page.map(
    ({ number, etag, size }) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${etag.replaceAll('"', "&quot;")}</ETag><Size>${size}</Size></Part>`,
  );
  const more = after.length > PAGE;
  return `<ListPartsResult><IsTruncated>${more}</IsTruncated><NextPartNumberMarker>${page.at(-1)?.number ?? 0}</NextPartNumberMarker>${parts.join("")}</ListPartsResult>`;
}

function partsOf(xml: string): { number: number; etag: string }[] {
  return [...xml.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part]) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part!)?.[1]),
    etag: (/<ETag>([^<]+)</.exec(part!)?.[1] ?? "").replaceAll("&quot;", '"'),
  }));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function loseAfter(request: IncomingMessage, bytes: number): Promise<void> {
  await read(request, bytes);
  request.socket.resetAndDestroy();
}

/** Reads so many bytes, and then no more. */
async function read(request: IncomingMessage, bytes: number): Promise<void> {
  let seen = 0;
  if (bytes === 0) return;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    seen += (chunk as Buffer).length;
    if (seen >= bytes) return;
  }
}
