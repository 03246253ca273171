import type { RequestLog, Schema } from "@truss-chains/core";
import type { Endpoint } from "../handler/endpoint.ts";
import { ServedRequest } from "../handler/request.ts";
import { Connection } from "./connection.ts";
import { memoryPair } from "./memory-pair.ts";
import type { MessageTypes } from "./messages.ts";
import { serveSocket } from "./serve-socket.ts";

export interface InMemorySocket {
  readonly chainlet: string;
  readonly endpoint: Endpoint;
  readonly types: MessageTypes;
  readonly headers: Readonly<Record<string, string>>;
  /** Closes the socket. */
  readonly signal: AbortSignal;
  readonly log: RequestLog;
}

/** Runs the endpoint of a WebSocket chainlet without a network; gives the client's end of the socket. */
export function openInMemory({
  chainlet,
  endpoint,
  types,
  headers,
  signal,
  log,
}: InMemorySocket): Connection {
  const [near, far] = memoryPair();
  const server = new Connection(far, { chainlet, headers: new Headers(headers), ...types });
  const client = new Connection(near, {
    chainlet,
    headers: new Headers(),
    // The chainlet's end checks what comes and goes; a transform must not be applied twice.
    incoming: { ...types.outgoing, schema: ANYTHING },
    outgoing: { ...types.incoming, schema: ANYTHING },
  });
  const request = new ServedRequest({ headers, body: "", signal }, undefined, log);
  const close = (): void => void client.close(1001);
  if (signal.aborted) close();
  signal.addEventListener("abort", close, { once: true });
  server.signal.addEventListener("abort", () => signal.removeEventListener("abort", close), { once: true });
  void serveSocket(chainlet, endpoint, server, request, log);
  return client;
}

const ANYTHING: Schema = {
  "~standard": { version: 1, vendor: "truss-chains", validate: (value) => ({ value }) },
};
