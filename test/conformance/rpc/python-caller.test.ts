import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  codecFor,
  createHttpTransport,
  createStub,
  encodeStream,
  HttpError,
  NdArray,
  NonRetryableError,
  runInRequestScope,
  type Transport,
  toErrorBody,
} from "@truss-chains/rpc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PythonPeer, python } from "./peer.ts";

type Endpoint = (input: any) => unknown;

const endpoints: Record<string, Endpoint> = {
  echo: (input) => input,
  null: () => null,
  tuple: () => [1, "a", null],
  array: () => ({ vector: new NdArray("float32", [2, 2], new Float32Array([1, 2, 3, 4])), nothing: null }),
  fail: ({ message }) => {
    throw new TypeError(message);
  },
  custom: () => {
    class QuotaExceeded extends Error {}
    throw new QuotaExceeded("none left");
  },
  http: () => {
    throw new HttpError(402, "Payment required.", { data: { plan: "free" } });
  },
  final: () => {
    throw new NonRetryableError("Never again.");
  },
  async *text() {
    yield* ["añ", "日本", "\ud83d", "\ude00"];
  },
  async *objects() {
    for (let n = 0; n < 3; n++) yield { n, text: "ü" };
  },
  async *broken() {
    yield { n: 0, text: "" };
    throw new Error("out of tokens");
  },
};

describe.skipIf(!python)("the Python stub calls our side of the wire", () => {
  let peer: PythonPeer;
  let server: Server;
  let url: string;
  let requests = 0;
  const transports: Transport[] = [];

  beforeAll(async () => {
    peer = await PythonPeer.start();
    server = createServer(async (request, response) => {
      requests++;
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const codec = codecFor(request.headers["content-type"]);
      try {
        const result = await endpoints[request.url!.slice(1)]!(codec.decode(Buffer.concat(parts)));
        if (typeof result === "object" && result !== null && Symbol.asyncIterator in result) {
          const items = result as AsyncIterable<unknown>;
          const stream = await encodeStream(items, {
            requestHeaders: request.headers,
            codec,
            onError: toErrorBody,
          });
          response.writeHead(200, stream.headers);
          for await (const piece of stream.body) response.write(piece);
          response.end();
        } else response.writeHead(200, { "content-type": codec.contentType }).end(codec.encode(result));
      } catch (error) {
        const frames = [
          { filename: "/app/chain.ts", lineno: 7, name: "Fail.runRemote", line: "throw new TypeError()" },
        ];
        const { status, headers, body } = toErrorBody(error, { frames });
        response.writeHead(status, headers).end(body);
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    for (const transport of transports) await transport.close();
    server.closeAllConnections();
    server.close();
    await peer.stop();
  });

  const call = (endpoint: string, inputs: unknown = {}, options: object = {}) =>
    peer.call({ url: `${url}/${endpoint}`, inputs, ...options }, { traceparent: "TID" });

  test("values, null, unicode and tuples arrive", async () => {
    const value = { text: "naïve 日本 😀", n: 1.5, list: [1, null], big: 2 ** 53 };
    expect(await call("echo", value)).toEqual({ value });
    expect(await call("null")).toEqual({ value: null });
    expect(await call("tuple")).toEqual({ value: [1, "a", null] });
  });

  test("arrays arrive in binary mode", async () => {
    const { value } = await call("array", {}, { binary: true });
    expect(value).toBe("{'vector': array([[1., 2.],\n       [3., 4.]], dtype=float32), 'nothing': None}");
    expect(await call("null", {}, { binary: true })).toEqual({ value: "None" });
  });

  test("a TypeError is Python's, with our lines in its tree", async () => {
    const { raised, message } = await call("fail", { message: "not a number" });
    expect(raised).toBe("TypeError");
    expect(message).toBe(`(showing chained remote errors, root error at the bottom)
├─ Error calling dependency Chainlet \`Callee\`, HTTP status=500, trace ID=\`TID\`.
│   Chainlet-Traceback (most recent call last):
│     File "/app/chain.ts", line 7, in Fail.runRemote
│       throw new TypeError()
╰   TypeError: not a number`);
  });

  test("a class of the author's is Python's generic one", async () => {
    const { raised, message } = await call("custom");
    expect(raised).toBe("GenericRemoteException");
    expect(message).toContain("QuotaExceeded: none left");
  });

  test("an HttpError is an HTTPException with its status", async () => {
    expect(await call("http")).toMatchObject({ raised: "HTTPException", status: 402 });
  });

  test("Python repeats what ours would not", async () => {
    requests = 0;
    await call("final", {}, { retries: 3 });
    expect(requests).toBe(3);
  });

  test("a stream of text decodes in every piece", async () => {
    expect(await call("text", {}, { stream: "raw" })).toEqual({ value: "añ日本😀", decodable: true });
  });

  test("a stream of objects is read by Python's stream reader, its footer too", async () => {
    expect(await call("objects", {}, { stream: "framed" })).toEqual({
      value: [0, 1, 2].map((n) => ({ n, text: "ü" })),
      footer: { items: 3, error: null },
    });
  });

  test("a stream that failed is still read, and its footer says so", async () => {
    const { value, footer } = await call("broken", {}, { stream: "framed" });
    expect(value).toEqual([{ n: 0, text: "" }]);
    expect(footer).toMatchObject({ items: 1, error: { exception_message: "out of tokens" } });
  });

  test("an error is the same three hops away, through Python and back", async () => {
    const transport = createHttpTransport({ url: `${peer.url}/relay`, apiKey: "key" });
    transports.push(transport);
    const stub = createStub(
      {
        name: "Relay",
        displayName: "Relay",
        kind: "truss",
        endpoint: "unary",
        takesInput: true,
        schemas: { output: undefined, item: undefined },
        contract: undefined,
      },
      { transport, options: { retries: 1, timeoutSec: 30, useBinary: false, concurrencyLimit: 1 } },
    ) as unknown as { runRemote(input: unknown): Promise<unknown> };
    const inner = { url: `${url}/http`, inputs: {} };
    const scope = {
      requestId: "r",
      chainRequestId: undefined,
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
      tracestate: undefined,
      signal: new AbortController().signal,
      deadline: undefined,
    };
    const error = await runInRequestScope(scope, () =>
      stub.runRemote({ url: `${peer.url}/relay`, inputs: inner }),
    ).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ status: 402 });
    const { message } = error as HttpError;
    expect(message.match(/Error calling dependency Chainlet/g)).toHaveLength(3);
    expect(message).toContain("HTTPException: Payment required.");
  });
});
