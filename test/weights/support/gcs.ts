import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { contentHasher } from "../../../packages/weights/src/hashing/content-hasher.ts";
import { listen, sendRange } from "./hub.ts";

export interface GcsObject {
  readonly content: Buffer;
  /** Composite objects have a CRC32C and no MD5. */
  readonly composite?: boolean;
}

/** The parts of the JSON API of Google Cloud Storage that its official client lists and reads with. */
export class FakeGcs {
  readonly objects = new Map<string, GcsObject>();
  readonly requests: { url: string; authorization: string | undefined }[] = [];
  url = "";

  static async start(): Promise<FakeGcs> {
    const gcs = new FakeGcs();
    gcs.url = await listen("127.0.0.1", (request, response) => gcs.#serve(request, response));
    return gcs;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push({ url: request.url!, authorization: request.headers.authorization });
    const url = new URL(request.url!, this.url);
    const match = /^\/storage\/v1\/b\/bucket\/o(?:\/(.+))?$/.exec(url.pathname);
    if (match === null) {
      notFound(response);
      return;
    }
    if (match[1] === undefined) {
      this.#list(url, response);
      return;
    }
    const name = decodeURIComponent(match[1]);
    const object = this.objects.get(name);
    if (object === undefined) {
      notFound(response);
      return;
    }
    if (url.searchParams.get("alt") === "media") sendRange(request, response, object.content);
    else json(response, describe(name, object));
  }

  #list(url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get("prefix") ?? "";
    const from = Number(url.searchParams.get("pageToken") ?? 0);
    const names = [...this.objects.keys()].filter((name) => name.startsWith(prefix)).sort();
    const items = names.slice(from, from + 2).map((name) => describe(name, this.objects.get(name)!));
    const next = from + 2 < names.length ? { nextPageToken: String(from + 2) } : {};
    json(response, { kind: "storage#objects", items, ...next });
  }
}

function describe(name: string, { content, composite }: GcsObject) {
  const crc = contentHasher("crc32c", content.length);
  crc.update(content);
  return {
    kind: "storage#object",
    name,
    bucket: "bucket",
    generation: "1700000000000001",
    size: String(content.length),
    updated: "2026-01-02T03:04:05.678Z",
    etag: "CJ+base64/etag=",
    crc32c: Buffer.from(crc.digest(), "hex").toString("base64"),
    ...(!composite && { md5Hash: createHash("md5").update(content).digest("base64") }),
  };
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { code: 404, message: "Not Found", errors: [] } }));
}
