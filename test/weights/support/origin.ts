import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface OriginRequest {
  readonly path: string;
  /** `null` when the whole file was asked for. `end` is exclusive. */
  readonly range: { readonly start: number; readonly end: number } | null;
  readonly headers: IncomingMessage["headers"];
  /** How many requests for this path came before. */
  readonly nth: number;
}

export type Misbehaviour = (request: OriginRequest, response: ServerResponse, content: Buffer) => boolean;

/** A file server with ranges, whose faults a test decides on. */
export class Origin {
  readonly files = new Map<string, Buffer>();
  readonly requests: OriginRequest[] = [];
  readonly #sockets = new Set<Socket>();
  /** Handles a request in its own way and returns true, or leaves it alone. */
  misbehave: Misbehaviour = () => false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<Origin> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const origin = new Origin(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on("connection", (socket) => origin.#sockets.add(socket));
    server.on("request", (request, response) => origin.#serve(request, response));
    onTestFinished(() => origin.stop());
    return origin;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  add(path: string, content: Buffer): string {
    this.files.set(path, content);
    return this.url + path;
  }

  #serve(message: IncomingMessage, response: ServerResponse): void {
    const path = message.url!;
    const match = /^bytes=(\d+)-(\d+)$/.exec(message.headers.range ?? "");
    const request = {
      path,
      range: match && { start: Number(match[1]), end: Number(match[2]) + 1 },
      headers: message.headers,
      nth: this.requests.filter((earlier) => earlier.path === path).length,
    };
    this.requests.push(request);
    const content = this.files.get(path);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (!this.misbehave(request, response, content)) serveRange(request, response, content);
  }
}

export function serveRange(request: OriginRequest, response: ServerResponse, content: Buffer): void {
  if (request.range === null) {
    response.writeHead(200, { "content-length": content.length }).end(content);
    return;
  }
  const { start } = request.range;
  const end = Math.min(request.range.end, content.length);
  if (start >= content.length) {
    response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
    return;
  }
  response
    .writeHead(206, {
      "content-range": `bytes ${start}-${end - 1}/${content.length}`,
      "content-length": end - start,
    })
    .end(content.subarray(start, end));
}
