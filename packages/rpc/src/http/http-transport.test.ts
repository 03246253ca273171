import dns from "node:dns";
import { getEventListeners, once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readWhole, type Transport, type WireRequest } from "../transport.ts";
import { createHttpTransport, type HttpTransportOptions } from "./create-http-transport.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server | SocketServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

function transportTo(port: number, options: Partial<HttpTransportOptions> = {}): Transport {
  const transport = createHttpTransport({
    url: `http://localhost:${port}/run_remote?x=1`,
    apiKey: "key",
    ...options,
  });
  cleanups.push(() => transport.close());
  return transport;
}

const serve = async (listener: RequestListener) => transportTo(await listen(createServer(listener)));

/** A server that speaks in raw bytes. */
const serveRaw = async (onRequest: (socket: Socket, count: number) => void) => {
  let count = 0;
  const server = createSocketServer((socket) => socket.on("data", () => onRequest(socket, ++count)));
  return transportTo(await listen(server));
};

const request = (parts: Partial<WireRequest> = {}): WireRequest => ({
  headers: { "content-type": "application/json" },
  body: "{}",
  signal: undefined,
  whole: true,
  ...parts,
});

const textOf = async (transport: Transport, parts?: Partial<WireRequest>) =>
  Buffer.from(await readWhole(await transport.call(request(parts)))).toString();

test("a call is a POST with the API key, to the path of the address", async () => {
  const transport = await serve((incoming, response) => {
    const { method, url, headers } = incoming;
    response.end(JSON.stringify([method, url, headers.authorization, headers["content-type"]]));
  });
  expect(JSON.parse(await textOf(transport))).toEqual([
    "POST",
    "/run_remote?x=1",
    "Api-Key key",
    "application/json",
  ]);
});

test("any status is an answer", async () => {
  const transport = await serve((_, response) =>
    response.writeHead(418, { "Retry-After": "1" }).end("short and stout"),
  );
  const { status, headers, body } = await transport.call(request({ whole: false }));
  expect([status, headers["retry-after"]]).toEqual([418, "1"]);
  expect(Buffer.from(await readWhole({ body })).toString()).toBe("short and stout");
});

test("of a header that the answer has twice, the first counts", async () => {
  const transport = await serve((_, response) => {
    response.setHeader("retry-after", ["1", "2"]);
    response.setHeader("content-type", ["application/octet-stream", "text/html"]);
    response.end("{}");
  });
  const { headers } = await transport.call(request());
  expect(headers).toMatchObject({ "retry-after": "1", "content-type": "application/octet-stream" });
});

test("a callee that is not there is named", async () => {
  const server = createServer();
  const port = await listen(server);
  await cleanups.pop()!();
  await expect(textOf(transportTo(port))).rejects.toThrow(
    expect.objectContaining({
      code: "CONNECTION_FAILED",
      message: `Could not connect to http://localhost:${port} (ECONNREFUSED).`,
    }),
  );
});

test("connections are kept, and no more are opened than there are calls at a time", async () => {
  const sockets = new Set<unknown>();
  const transport = await serve((incoming, response) => {
    sockets.add(incoming.socket);
    response.end("{}");
  });
  for (let round = 0; round < 10; round++) await Promise.all([textOf(transport), textOf(transport)]);
  expect(sockets.size).toBe(2);
});

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n3\r\n:1}\r\n0\r\n\r\n';

describe.each([
  ["with a length", ANSWER],
  ["in chunks", CHUNKED],
])("an answer %s that is cut", (_, answer) => {
  test("at any byte is an error, and never a shorter answer", async () => {
    for (let bytes = 0; bytes < answer.length; bytes++) {
      const transport = await serveRaw((socket) => socket.end(answer.slice(0, bytes)));
      await expect(textOf(transport), `after ${bytes} bytes`).rejects.toThrow(
        expect.objectContaining({ code: "CONNECTION_FAILED" }),
      );
      await expect(textOf(transport, { whole: false }), `streamed, after ${bytes} bytes`).rejects.toThrow(
        expect.objectContaining({ code: "CONNECTION_FAILED" }),
      );
    }
  });

  test("and resumed at any byte is whole", async () => {
    const transport = await serveRaw((socket, count) => {
      const at = count % answer.length;
      socket.write(answer.slice(0, at));
      setImmediate(() => socket.write(answer.slice(at)));
    });
    for (let call = 0; call < answer.length; call++) expect(await textOf(transport)).toBe('{"a":1}');
  });
});

test("what is not HTTP is said so, and not tried again as a lost connection", async () => {
  const transport = await serveRaw((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
  await expect(textOf(transport)).rejects.toThrow(expect.objectContaining({ code: "RESPONSE_INVALID" }));
});

describe("a server that closes an idle connection just when it is used", () => {
  /** Answers the first request of the first connection, and hangs up on its second. */
  async function racing() {
    let requests = 0;
    const transport = await serveRaw((socket, count) => {
      requests = count;
      if (count === 2) socket.destroy();
      else socket.write(ANSWER);
    });
    await textOf(transport);
    return { transport, requests: () => requests };
  }

  test("does not lose the call", async () => {
    const { transport, requests } = await racing();
    const now = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(now + 3_000);
    expect(await textOf(transport)).toBe('{"a":1}');
    expect(requests()).toBe(3);
  });

  test("does not hold a call that is aborted while it connects again", async () => {
    const { transport } = await racing();
    const now = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(now + 3_000);
    // A name server that does not answer.
    const lookup = vi.spyOn(dns, "lookup").mockImplementation((() => {}) as never);
    const controller = new AbortController();
    const call = textOf(transport, { signal: controller.signal });
    call.catch(() => {});
    await vi.waitFor(() => expect(lookup).toHaveBeenCalled());
    controller.abort();
    await expect(call).rejects.toThrow(expect.objectContaining({ code: "CALL_ABORTED" }));
  });

  test("is told from one that fails while it is busy: that call is not repeated", async () => {
    const { transport, requests } = await racing();
    await expect(textOf(transport)).rejects.toThrow(expect.objectContaining({ code: "CONNECTION_FAILED" }));
    expect(requests()).toBe(2);
  });
});

describe("an aborted call", () => {
  test("ends at once, and the server sees its client go", async () => {
    const controller = new AbortController();
    let serverSaw: Promise<unknown> | undefined;
    const transport = await serve((_, response) => {
      serverSaw = once(response, "close");
      controller.abort(new Error("enough"));
    });
    await expect(textOf(transport, { signal: controller.signal })).rejects.toThrow(
      expect.objectContaining({ code: "CALL_ABORTED" }),
    );
    await serverSaw;
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("that was aborted before is not sent", async () => {
    const listener = vi.fn();
    const transport = await serve(listener);
    await expect(textOf(transport, { signal: AbortSignal.abort() })).rejects.toThrow(/was aborted/);
    expect(listener).not.toHaveBeenCalled();
  });

  test("ends while it connects, too", async () => {
    // An address of TEST-NET-1: nobody answers there, nor says that nobody does.
    const transport = createHttpTransport({ url: "http://192.0.2.1:9/run_remote", apiKey: "key" });
    const controller = new AbortController();
    const call = textOf(transport, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(call).rejects.toThrow();
    await transport.close();
  });

  test("ends in the middle of a stream", async () => {
    const controller = new AbortController();
    const transport = await serve((_, response) => {
      response.write("first");
    });
    const { body } = await transport.call(request({ whole: false, signal: controller.signal }));
    const pieces = body[Symbol.asyncIterator]();
    expect(Buffer.from((await pieces.next()).value).toString()).toBe("first");
    controller.abort();
    await expect(pieces.next()).rejects.toThrow(expect.objectContaining({ code: "CALL_ABORTED" }));
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});

test("a reader that leaves a stream early closes its connection", async () => {
  let closed: Promise<unknown> | undefined;
  const transport = await serve((_, response) => {
    closed = once(response, "close");
    response.write("x");
  });
  const { body } = await transport.call(request({ whole: false }));
  for await (const _ of body) break;
  await closed;
});

test("a slow reader holds the sender back", async () => {
  const piece = Buffer.alloc(64 * 1024);
  let written = 0;
  const transport = await serve(async (_, response) => {
    const gone = once(response, "close");
    while (!response.destroyed) {
      written += piece.length;
      if (!response.write(piece)) await Promise.race([once(response, "drain"), gone]);
    }
  });
  const { body } = await transport.call(request({ whole: false }));
  const pieces = body[Symbol.asyncIterator]();
  await pieces.next();
  let before = -1;
  while (before !== written) {
    before = written;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  }
  expect(written).toBeLessThan(64 * 1024 * 1024);
  await pieces.return?.();
});

test("an interim answer is not the answer", async () => {
  const transport = await serveRaw((socket) =>
    socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ANSWER}`),
  );
  expect(await textOf(transport)).toBe('{"a":1}');
});

test("an API key from a file with a last line break is sent without it", async () => {
  const port = await listen(
    createServer((incoming, response) => response.end(incoming.headers.authorization)),
  );
  expect(await textOf(transportTo(port, { apiKey: "key\n" }))).toBe("Api-Key key");
});

test("a header that cannot be sent is the caller's mistake, not the connection's", async () => {
  const transport = await serve((_, response) => response.end("{}"));
  const failure = transport.call(request({ headers: { "x-note": "two\nlines" } }));
  await expect(failure).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringMatching(/^The call to http:\S+ cannot be sent: invalid x-note header\.$/),
  });
});

test("a closed transport says so", async () => {
  const transport = await serve((_, response) => response.end("{}"));
  await textOf(transport);
  await transport.close();
  await expect(textOf(transport)).rejects.toThrow("The transport is closed.");
});

test("an address that is none is refused", () => {
  expect(() => createHttpTransport({ url: "embed:8080", apiKey: "key" })).toThrow(
    expect.objectContaining({ code: "DEPENDENCY_NOT_CONFIGURED" }),
  );
});
