import { type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** What stands before a deployed chain: calls of the entrypoint reach its server under other paths. */
export class Upstream {
  /** Of the chainlet's server; calls are not passed on without it. */
  origin: string | undefined;

  serves(path: string): boolean {
    return this.origin !== undefined && /^\/chain-\w+\.host\//.test(path);
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    if (!request.url!.endsWith("/run_remote")) {
      response.writeHead(404).end("no such path");
      return;
    }
    const { method, headers } = request;
    const passedOn = send(`${this.origin}/predict`, { method: method!, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    passedOn.once("error", () => response.destroy());
    request.pipe(passedOn);
  }

  upgrade(request: IncomingMessage, socket: Duplex): void {
    if (!this.serves(request.url!) || !request.url!.endsWith("/websocket")) {
      socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\nno socket here");
      return;
    }
    const { hostname, port } = new URL(this.origin!);
    const server = connect(Number(port), hostname, () => {
      const headers = request.rawHeaders.reduce(
        (text, part, index) => text + part + (index % 2 === 0 ? ": " : "\r\n"),
        "",
      );
      server.write(`GET /predict HTTP/1.1\r\n${headers}\r\n`);
      server.pipe(socket).pipe(server);
    });
    server.once("error", () => socket.destroy());
    socket.once("error", () => server.destroy());
  }
}
