import { connect } from "node:net";
import { createHttpTransport, createStub, runInRequestScope } from "@truss-chains/rpc";
import { Pool } from "undici";

const JSON_HEADERS = { "content-type": "application/json" };

/** A stub as a chainlet has it, called while a request is served. */
export function ourStub(port, { useBinary = false, stream = false } = {}) {
  const dependency = {
    name: "Peer",
    displayName: "Peer",
    kind: "code",
    endpoint: stream ? "stream" : "unary",
    schemas: { output: undefined, item: undefined },
    contract: undefined,
  };
  const transport = createHttpTransport({
    url: `http://127.0.0.1:${port}/v1/models/model:predict`,
    apiKey: "key",
  });
  const options = { retries: 1, timeoutSec: 600, useBinary, concurrencyLimit: 300 };
  const stub = createStub(dependency, { transport, options });
  const scope = {
    requestId: "request",
    chainRequestId: undefined,
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    tracestate: undefined,
    signal: new AbortController().signal,
    deadline: Date.now() + 600_000,
  };
  return (input) => runInRequestScope(scope, () => stub.runRemote(input));
}

export function barePool(port) {
  return new Pool(`http://127.0.0.1:${port}`, { connections: 128 });
}

export async function bareRequest(pool, value) {
  const { body } = await pool.request({
    path: "/",
    method: "POST",
    headers: JSON_HEADERS,
    body: JSON.stringify(value),
  });
  return body.json();
}

export function bareDispatch(pool, value) {
  return new Promise((resolve, reject) => {
    const pieces = [];
    pool.dispatch(
      { path: "/", method: "POST", headers: JSON_HEADERS, body: JSON.stringify(value) },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData: (_, piece) => pieces.push(piece),
        onResponseEnd: () => resolve(JSON.parse(Buffer.concat(pieces).toString())),
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

/** Resolves with the number of bytes. */
export function readSocket(port) {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    connect(port, "127.0.0.1")
      .on("data", (piece) => {
        bytes += piece.length;
      })
      .on("end", () => resolve(bytes))
      .on("error", reject);
  });
}
