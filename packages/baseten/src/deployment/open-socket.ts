import type { CallOptions, JsonSchema, Schema, WebSocketConnection } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { WebSocket } from "ws";
import type { Baseten } from "../api/baseten.ts";
import type { DeployedEntrypoint } from "./entrypoint-client.ts";
import { refusedCall } from "./refused-call.ts";

/** A chain may have to wake up first. */
const HANDSHAKE_MS = 600_000;

/**
 * Opens a socket to a deployed entrypoint. Messages are as its schemas say: text as it is, anything else as JSON, bytes
 * as binary frames.
 *
 * @throws ChainsError `API_KEY_REFUSED`, `INVOCATION_FAILED` with the answer, `API_FAILED` when there is none.
 */
export async function openSocket(
  baseten: Baseten,
  { name, url, schemas }: DeployedEntrypoint,
  { signal, timeoutMs = HANDSHAKE_MS, headers = {} }: CallOptions = {},
): Promise<WebSocketConnection<unknown, unknown>> {
  const [{ WebSocket }, { Connection, wsPort }] = await Promise.all([
    import("ws"),
    import("@truss-chains/runtime"),
  ]);
  signal?.throwIfAborted();
  const socket = new WebSocket(url, {
    headers: { ...headers, authorization: baseten.account.apiKey.header },
    handshakeTimeout: timeoutMs,
  });
  const types = schemas?.kind === "websocket" ? schemas : UNTOLD;
  // At once: the first message may come together with the answer to the handshake.
  const connection = new Connection(wsPort(socket), {
    chainlet: name,
    headers: new Headers(),
    incoming: { schema: ANYTHING, jsonSchema: types.send },
    outgoing: { schema: ANYTHING, jsonSchema: types.receive },
  });
  const close = (): void => socket.close(1000);
  signal?.addEventListener("abort", close, { once: true });
  connection.signal.addEventListener("abort", () => signal?.removeEventListener("abort", close), {
    once: true,
  });
  await opened(socket, baseten, url, signal);
  return connection;
}

// What another tool has pushed does not tell its messages; text and bytes are what any socket has.
const UNTOLD: Readonly<Record<"receive" | "send", JsonSchema>> = {
  receive: { type: "string" },
  send: { type: "string" },
};

// The chainlet checks what comes and goes; a transform must not be applied twice.
const ANYTHING: Schema = {
  "~standard": { version: 1, vendor: "truss-chains", validate: (value) => ({ value }) },
};

function opened(
  socket: WebSocket,
  baseten: Baseten,
  url: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("unexpected-response", (request, response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      // An answer that breaks off tells its status even so.
      response
        .on("error", () => {})
        .once("close", () => {
          reject(refusedCall(baseten, url, response.statusCode ?? 0, text));
          request.destroy();
        });
    });
    socket.once("error", (thrown) => {
      reject(signal?.aborted ? signal.reason : noSocket(url, thrown));
    });
  });
}

function noSocket(url: string, thrown: Error): ChainsError {
  return new ChainsError("API_FAILED", `There is no connection to ${url}: ${thrown.message}.`, {
    fix: "Try again in a while; look at chains status, and at your connection.",
    cause: thrown,
  });
}
