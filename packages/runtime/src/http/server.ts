import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { ChainsError } from "@truss-chains/errors";
import { IncomingRequest } from "./incoming-request.ts";
import { dispatch, type RouteTable } from "./routes.ts";

export interface HttpServer {
  /**
   * Starts to listen, and resolves with the port.
   *
   * @throws ChainsError `PORT_IN_USE`, or `STARTUP_FAILED` when the port cannot be listened on.
   */
  listen(port: number, host: string): Promise<number>;
  /** Answers no new connection, and resolves when the last one ended. Idle ones end now. */
  close(): Promise<void>;
  /** Ends every connection now. */
  destroy(): void;
}

/** Takes over the socket of a request for a WebSocket. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * An HTTP/1.1 server of fixed routes, on `node:http` itself: a framework would cost a third of the requests per
 * second and most of the start-up time, and its router would have four entries.
 */
export function createHttpServer(routes: RouteTable, onUpgrade: UpgradeListener): HttpServer {
  const server = createServer(
    {
      // The proxy in front decides when a connection is idle for too long. Closing first would race with a request
      // that it is just sending; ten minutes is beyond the idle time of common proxies.
      keepAliveTimeout: 650_000,
      // A request's head must arrive in this time; its body is bounded by `readBody`, its answer by nothing.
      headersTimeout: 60_000,
      requestTimeout: 0,
      // Finds out about peers that vanished without a word.
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      noDelay: true,
      IncomingMessage: IncomingRequest,
    },
    (request, response) => {
      // Routes do not throw; if one does, it is logged with whatever nobody handled.
      const serve = () => void dispatch(routes, request, response);
      if (response.socket) serve();
      // Sent ahead, before the answer to the request before it: served when that has left. Until then Node does not tell
      // a response that its connection broke, so that whatever it was given to send would be kept for ever.
      else response.once("socket", serve);
    },
  );
  // Node's server knows nothing of them any more.
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    onUpgrade(request, socket, head);
  });
  return {
    listen: (port, host) => listen(server, port, host),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
    destroy() {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(error, port, host)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function cannotListen(cause: NodeJS.ErrnoException, port: number, host: string): ChainsError {
  if (cause.code === "EADDRINUSE") {
    return new ChainsError("PORT_IN_USE", `Port ${port} on ${host} is taken by another process.`, {
      fix: "Stop that process, or set PORT to a free port.",
      cause,
    });
  }
  return new ChainsError("STARTUP_FAILED", `Cannot listen on ${host}:${port}: ${cause.message}.`, {
    fix:
      cause.code === "EACCES"
        ? "Ports below 1024 need privileges; set PORT to a higher one."
        : "Set PORT and CHAINS_HOST to an address of this machine.",
    cause,
  });
}
