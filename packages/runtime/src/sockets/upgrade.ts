import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { RequestLog } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { WebSocket, WebSocketServer } from "ws";
import type { Endpoint } from "../handler/endpoint.ts";
import { failureAnswer } from "../handler/failure.ts";
import type { Gate } from "../handler/gate.ts";
import { ServedRequest } from "../handler/request.ts";
import type { InFlight } from "../http/in-flight.ts";
import type { UpgradeListener } from "../http/server.ts";
import { Connection } from "./connection.ts";
import { hangUp } from "./hang-up.ts";
import { type HeartbeatOptions, keepAlive } from "./heartbeat.ts";
import type { MessageTypes } from "./messages.ts";
import { serveSocket } from "./serve-socket.ts";
import { wsPort } from "./ws-port.ts";

/** The largest message that Python chainlets take. */
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

/** A chainlet as sockets see it. */
export interface SocketChainlet {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly gate: Gate;
  readonly log: RequestLog;
  readonly types: MessageTypes;
}

export interface UpgradeOptions {
  readonly path: string;
  readonly inFlight: InFlight;
  readonly heartbeat: HeartbeatOptions;
  /** Undefined while it cannot take connections. */
  readonly chainlet: () => SocketChainlet | undefined;
}

/** Accepts WebSockets at the predict path. The library for it is loaded with the first one. */
export function acceptSockets(options: UpgradeOptions): UpgradeListener {
  let sockets: Promise<WebSocketServer> | undefined;
  const load = async (): Promise<WebSocketServer> => {
    const { WebSocketServer } = await import("ws");
    return new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  };
  return (request, socket, head) => {
    // Until the library takes the socket over, an error of it would end the process.
    const ignore = (): void => {};
    socket.on("error", ignore);
    const chainlet = options.chainlet();
    if (request.url?.split("?", 1)[0] !== options.path) return refuse(socket, 404, "Not Found");
    if (!chainlet) return refuse(socket, 503, "Service Unavailable");
    sockets ??= load();
    void sockets.then((server) => {
      server.handleUpgrade(request, socket, head, (accepted) => {
        socket.off("error", ignore);
        void hold(accepted, request, chainlet, options);
      });
    });
  };
}

/** Serves one socket for as long as it lives; it counts as one call. */
async function hold(
  socket: WebSocket,
  incoming: IncomingMessage,
  chainlet: SocketChainlet,
  { inFlight, heartbeat }: UpgradeOptions,
): Promise<void> {
  const { name, endpoint, gate, log, types } = chainlet;
  const cancellation = inFlight.open();
  socket.once("close", () =>
    cancellation.abort(new ChainsError("CALL_ABORTED", "The client closed the socket.")),
  );
  const headers = incoming.headers as Record<string, string>;
  const connection = new Connection(wsPort(socket), {
    chainlet: name,
    headers: new Headers(headers),
    ...types,
  });
  keepAlive(socket, heartbeat);
  try {
    await gate.enter(0, cancellation);
  } catch (error) {
    inFlight.close(cancellation);
    // Try again later, in the words of RFC 6455's registry.
    return socket.close(1013, failureAnswer(error).status === 429 ? "Too many requests." : "");
  }
  try {
    const request = new ServedRequest({ headers, body: "", signal: undefined, cancellation }, undefined, log);
    request.signal.addEventListener(
      "abort",
      () => void connection.close(1001, "The server is shutting down."),
      { once: true },
    );
    await serveSocket(name, endpoint, connection, request, log);
  } finally {
    gate.leave();
    inFlight.close(cancellation);
  }
}

function refuse(socket: Duplex, status: number, reason: string): void {
  hangUp(socket, `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
