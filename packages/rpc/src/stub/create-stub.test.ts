import { getEventListeners } from "node:events";
import type { DependencyDescriptor, Remote, ResolvedRPCOptions } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { CallObserver } from "../call/observer.ts";
import { codecFor, jsonCodec } from "../codec/codec.ts";
import { NdArray } from "../codec/nd-array.ts";
import { toErrorBody } from "../errors/error-body.ts";
import { HttpError } from "../errors/http-error.ts";
import { createMemoryTransport } from "../memory-transport.ts";
import { type RequestScope, runInRequestScope } from "../request-scope.ts";
import { encodeStream } from "../stream/encode-stream.ts";
import type { WireHandler, WireRequest, WireResponse } from "../transport.ts";
import { createStub } from "./create-stub.ts";

const OPTIONS: ResolvedRPCOptions = { retries: 1, timeoutSec: 600, useBinary: false, concurrencyLimit: 300 };
const EMBED: DependencyDescriptor = {
  name: "Embed",
  displayName: "Embed",
  kind: "code",
  endpoint: "unary",
  takesInput: true,
  schemas: { output: undefined, item: undefined },
  contract: { hash: "0123456789abcdef", schemas: { kind: "unary", input: null, output: null } },
};
const TOKENS: DependencyDescriptor = { ...EMBED, name: "Tokens", endpoint: "stream" };

type AnyRemote = Remote<{ runRemote(input?: any): Promise<any> }>;

async function* pieces(...parts: (string | Uint8Array)[]) {
  for (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
}

const json = (value: unknown): WireResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: pieces(JSON.stringify(value)),
});

const failing = (error: unknown): WireResponse => {
  const { body, ...rest } = toErrorBody(error);
  return { ...rest, body: pieces(body) };
};

function stubOf(
  handler: (request: WireRequest) => WireResponse | Promise<WireResponse>,
  options: Partial<ResolvedRPCOptions> = {},
  { dependency = EMBED, observer }: { dependency?: DependencyDescriptor; observer?: CallObserver } = {},
): AnyRemote {
  const wire: WireHandler = async (request) => handler(request);
  const transport = createMemoryTransport(wire);
  return createStub(dependency, {
    transport,
    options: { ...OPTIONS, ...options },
    ...(observer && { observer }),
  }) as unknown as AnyRemote;
}

const bodyOf = (request: WireRequest) =>
  codecFor(request.headers["content-type"]).decode(request.body as Uint8Array);

const never = () => new Promise<WireResponse>(() => {});

function scopeOf(parts: Partial<RequestScope> = {}): RequestScope {
  return {
    requestId: "req-1",
    chainRequestId: "chain-1",
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    tracestate: "vendor=1",
    signal: new AbortController().signal,
    deadline: undefined,
    ...parts,
  };
}

describe("a plain call", () => {
  test("sends the input as it is and returns the bare value", async () => {
    const stub = stubOf((request) => json({ got: bodyOf(request) }));
    expect(await stub.runRemote({ text: "héllo", n: null })).toEqual({ got: { text: "héllo", n: null } });
  });

  test("without input sends an empty object", async () => {
    expect(await stubOf((request) => json(bodyOf(request))).runRemote()).toEqual({});
  });

  test("that is redirected says where to, and that it was not followed", async () => {
    const handler = vi.fn(() => ({
      status: 307,
      headers: { location: "https://elsewhere.example/run_remote" },
      body: pieces(),
    }));
    await expect(stubOf(handler, { retries: 3 }).runRemote()).rejects.toThrow(
      expect.objectContaining({
        code: "RESPONSE_INVALID",
        message:
          "The dependency Chainlet `Embed` answered with a redirect (307) to https://elsewhere.example/run_remote, which is not followed.",
      }),
    );
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test("to an endpoint without input takes its options first", async () => {
    const dependency = { ...EMBED, takesInput: false };
    const stub = stubOf((request) => json([bodyOf(request), request.headers["x-own"]]), {}, { dependency });
    expect(await stub.runRemote({ headers: { "X-Own": "1" } })).toEqual([{}, "1"]);
  });

  test("in binary mode speaks msgpack both ways", async () => {
    const stub = stubOf(
      (request) => {
        const codec = codecFor(request.headers["content-type"]);
        const { vector } = codec.decode(request.body as Uint8Array) as { vector: NdArray<"float32"> };
        const doubled = NdArray.from(vector.data.map((value) => value * 2));
        return {
          status: 200,
          headers: { "content-type": codec.contentType },
          body: pieces(codec.encode(doubled)),
        };
      },
      { useBinary: true },
    );
    const answer = await stub.runRemote({ vector: NdArray.from(new Float32Array([1, 2])) });
    expect(answer).toEqual(NdArray.from(new Float32Array([2, 4])));
  });

  test("carries the ids of the request that is being served, and a span of its own", async () => {
    const stub = stubOf((request) => json(request.headers));
    const headers = await runInRequestScope(scopeOf(), () => stub.runRemote());
    expect(headers).toMatchObject({
      "x-baseten-request-id": "req-1",
      "x-baseten-chain-request-id": "chain-1",
      "x-chains-contract": "0123456789abcdef",
      tracestate: "vendor=1",
      traceparent: expect.stringMatching(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/),
    });
  });

  test("refuses headers that belong to the protocol", async () => {
    const call = stubOf(() => json(1)).runRemote({}, { headers: { Authorization: "mine" } });
    await expect(call).rejects.toThrow("The header Authorization of a call belongs to the protocol.");
  });

  test("does not check answers of our own chainlets twice", async () => {
    expect(await stubOf(() => json("anything")).runRemote()).toBe("anything");
  });

  test("checks answers of foreign chainlets, and says what does not fit", async () => {
    const schema = z.object({ score: z.number() });
    const dependency = { ...EMBED, kind: "truss" as const, schemas: { output: schema, item: undefined } };
    await expect(stubOf(() => json({ score: "high" }), {}, { dependency }).runRemote()).rejects.toThrow(
      expect.objectContaining({ code: "RESPONSE_INVALID", message: expect.stringContaining("score: ") }),
    );
  });

  test("says when an answer cannot be read", async () => {
    const stub = stubOf(() => ({ status: 200, headers: {}, body: pieces("{") }));
    await expect(stub.runRemote()).rejects.toThrow(
      /^The answer of Embed cannot be read. The body is not valid JSON/,
    );
  });

  test.each([
    ["the callee's error", () => failing(new HttpError(404, "none"))],
    ["a timeout", never],
  ])("shows the author's call in the stack of %s", async (_, handler) => {
    const stub = stubOf(handler, { timeoutSec: 0.01 });
    async function authorsFunction() {
      return await stub.runRemote();
    }
    const error = await authorsFunction().catch((caught: Error) => caught);
    expect((error as Error).stack).toMatch(/ChainletStub.*\n.*authorsFunction/);
  });
});

describe("retries", () => {
  const flaky = (failures: number, error: unknown = new HttpError(503, "busy")) => {
    const keys: (string | undefined)[] = [];
    const handler = (request: WireRequest) => {
      keys.push(request.headers["idempotency-key"]);
      return keys.length <= failures ? failing(error) : json("done");
    };
    return { keys, handler };
  };

  test("count attempts in total, all with the same idempotency key", async () => {
    const { keys, handler } = flaky(2);
    expect(await stubOf(handler, { retries: 3 }).runRemote()).toBe("done");
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  test("end with the error of the last attempt", async () => {
    const { keys, handler } = flaky(9);
    await expect(stubOf(handler, { retries: 2 }).runRemote()).rejects.toThrow(
      expect.objectContaining({ status: 503 }),
    );
    expect(keys).toHaveLength(2);
  });

  test.each([0, 1])("with retries %i there is one attempt", async (retries) => {
    const { keys, handler } = flaky(9);
    await expect(stubOf(handler, { retries }).runRemote()).rejects.toThrow();
    expect(keys).toEqual([undefined]);
  });

  test("a refused call is not repeated", async () => {
    const { keys, handler } = flaky(9, new HttpError(400, "no"));
    await expect(stubOf(handler, { retries: 5 }).runRemote()).rejects.toThrow(
      expect.objectContaining({ status: 400 }),
    );
    expect(keys).toHaveLength(1);
  });

  test("do not storm a dependency that is down", async () => {
    const { keys, handler } = flaky(Number.POSITIVE_INFINITY);
    vi.spyOn(Math, "random").mockReturnValue(0);
    const stub = stubOf(handler, { retries: 4 });
    await Promise.allSettled(Array.from({ length: 100 }, () => stub.runRemote()));
    vi.restoreAllMocks();
    expect(keys.length).toBeLessThan(100 + 60);
  });
});

describe("limits", () => {
  test("an attempt that takes too long is given up, and says so like Python", async () => {
    const stub = stubOf(never, { timeoutSec: 0.01 });
    await expect(stub.runRemote()).rejects.toThrow(
      expect.objectContaining({
        code: "CALL_TIMEOUT",
        message: "Timeout calling remote Chainlet `Embed` (0.01 seconds limit).",
      }),
    );
  });

  test("timeoutMs ends the whole call, whatever retries are left", async () => {
    let attempts = 0;
    const stub = stubOf(
      () => {
        attempts++;
        return never();
      },
      { retries: 100 },
    );
    await expect(stub.runRemote({}, { timeoutMs: 10 })).rejects.toThrow("10 milliseconds for the whole call");
    expect(attempts).toBe(1);
  });

  test("the deadline shrinks from hop to hop, and is never longer than an attempt", async () => {
    const stub = stubOf((request) => json(Number(request.headers["x-chains-deadline-ms"])), {
      timeoutSec: 60,
    });
    expect(await stub.runRemote()).toBe(60_000);
    const inherited = await runInRequestScope(scopeOf({ deadline: Date.now() + 5_000 }), () =>
      stub.runRemote(),
    );
    expect(inherited).toBeGreaterThan(0);
    expect(inherited).toBeLessThanOrEqual(5_000);
  });

  test("a call whose deadline has passed is not made", async () => {
    const handler = vi.fn(() => json(1));
    const call = runInRequestScope(scopeOf({ deadline: Date.now() - 1 }), () => stubOf(handler).runRemote());
    await expect(call).rejects.toThrow(expect.objectContaining({ code: "DEADLINE_EXCEEDED" }));
    expect(handler).not.toHaveBeenCalled();
  });

  test("a call ends with the request that it serves, and the callee hears of it", async () => {
    const caller = new AbortController();
    let calleeAborted = false;
    const stub = stubOf((request) => {
      request.signal?.addEventListener("abort", () => {
        calleeAborted = true;
      });
      caller.abort(new Error("client went away"));
      return never();
    });
    const call = runInRequestScope(scopeOf({ signal: caller.signal }), () => stub.runRemote());
    await expect(call).rejects.toThrow(
      expect.objectContaining({ code: "CALL_ABORTED", message: "The call to Embed was aborted." }),
    );
    expect(calleeAborted).toBe(true);
    expect(getEventListeners(caller.signal, "abort")).toEqual([]);
  });

  test("no more calls are under way than allowed, and a live stream counts", async () => {
    let open = 0;
    let most = 0;
    const handler = async (request: WireRequest): Promise<WireResponse> => {
      most = Math.max(most, ++open);
      async function* items() {
        try {
          for (const item of ["a", "b"]) {
            await new Promise(setImmediate);
            yield item;
          }
        } finally {
          open--;
        }
      }
      const { headers, body } = await encodeStream(items(), {
        requestHeaders: request.headers,
        codec: jsonCodec,
        onError: toErrorBody,
      });
      return { status: 200, headers, body };
    };
    const stub = stubOf(handler, { concurrencyLimit: 2 }, { dependency: TOKENS }) as unknown as Remote<{
      runRemote(): AsyncIterable<string>;
    }>;
    const read = async () => {
      const items: string[] = [];
      for await (const item of stub.runRemote()) items.push(item);
      return items.join("");
    };
    expect(await Promise.all(Array.from({ length: 10 }, read))).toEqual(new Array(10).fill("ab"));
    expect(most).toBe(2);
  });

  test("one that gives up waiting does not take a slot with it", async () => {
    const pending: ((response: WireResponse) => void)[] = [];
    const stub = stubOf(() => new Promise<WireResponse>((resolve) => pending.push(resolve)), {
      concurrencyLimit: 1,
    });
    const first = stub.runRemote();
    const second = stub.runRemote({}, { timeoutMs: 5 });
    await expect(second).rejects.toThrow(expect.objectContaining({ code: "CALL_TIMEOUT" }));
    const third = stub.runRemote();
    pending.shift()!(json(1));
    expect(await first).toBe(1);
    await vi.waitFor(() => expect(pending).toHaveLength(1));
    pending.shift()!(json(3));
    expect(await third).toBe(3);
  });
});

test("a connection that was lost further down stays an error of the dependency", async () => {
  const lost = new ChainsError("CONNECTION_FAILED", "Calling the dependency Chainlet `Index` failed.");
  const error = await stubOf(() => failing(lost))
    .runRemote({})
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "CONNECTION_FAILED", cause: { status: 500, dependency: "Embed" } });
  expect((error as Error).message).toMatch(/^\(showing chained remote errors/);
});

describe("a stream", () => {
  const streamOf = (body: () => AsyncIterable<Uint8Array>, dependency: DependencyDescriptor) =>
    stubOf(() => ({ status: 200, headers: {}, body: body() }), {}, { dependency }) as unknown as Remote<{
      runRemote(): AsyncIterable<unknown>;
    }>;

  async function collect(items: AsyncIterable<unknown>) {
    const all: unknown[] = [];
    for await (const item of items) all.push(item);
    return all;
  }

  test("of a Python chainlet is text, decoded whole", async () => {
    const [a, b] = [Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)];
    const stub = streamOf(() => pieces("x", a, b), { ...TOKENS, kind: "engine_builder" });
    expect(await collect(stub.runRemote())).toEqual(["x", "é"]);
  });

  test("of bytes is bytes", async () => {
    const schemas = { output: undefined, item: z.instanceof(Uint8Array) };
    const stub = streamOf(() => pieces(new Uint8Array([255, 0])), { ...TOKENS, kind: "truss", schemas });
    expect(await collect(stub.runRemote())).toEqual([new Uint8Array([255, 0])]);
  });

  test("of framed objects is checked item by item", async () => {
    const schemas = { output: undefined, item: z.object({ n: z.number() }) };
    const frame = (text: string) =>
      Buffer.concat([Buffer.from([3, 0, 0, 0, text.length]), Buffer.from(text)]);
    const stub = streamOf(() => pieces(frame('{"n":1}'), frame('{"n":"x"}')), {
      ...TOKENS,
      kind: "truss",
      schemas,
    });
    const stream = stub.runRemote()[Symbol.asyncIterator]();
    expect(await stream.next()).toEqual({ done: false, value: { n: 1 } });
    await expect(stream.next()).rejects.toThrow("An item of Tokens does not fit its schema");
  });

  test("of framed objects blames the callee for an item that is no JSON", async () => {
    const broken = new Uint8Array([3, 0, 0, 0, 1, 0x7b]);
    const schemas = { output: undefined, item: z.object({ n: z.number() }) };
    const stub = streamOf(() => pieces(broken), { ...TOKENS, kind: "truss", schemas });
    await expect(collect(stub.runRemote())).rejects.toThrow(
      expect.objectContaining({
        code: "RESPONSE_INVALID",
        message: expect.stringMatching(/An item of Tokens/),
      }),
    );
  });

  test("that fails before it begins is retried, and not afterwards", async () => {
    let attempts = 0;
    const handler = async (request: WireRequest) => {
      if (++attempts === 1) return failing(new HttpError(503, "starting"));
      async function* items() {
        yield "a";
        throw new HttpError(503, "broke");
      }
      return {
        status: 200,
        ...(await encodeStream(items(), {
          requestHeaders: request.headers,
          codec: jsonCodec,
          onError: toErrorBody,
        })),
      };
    };
    const stub = stubOf(handler, { retries: 5 }, { dependency: TOKENS }) as unknown as Remote<{
      runRemote(): AsyncIterable<unknown>;
    }>;
    const got: unknown[] = [];
    const read = async () => {
      for await (const item of stub.runRemote()) got.push(item);
    };
    await expect(read()).rejects.toThrow(expect.objectContaining({ status: 503 }));
    expect([got, attempts]).toEqual([["a"], 2]);
  });

  test.each([
    ["cannot be opened", () => Promise.reject(new ChainsError("CONNECTION_FAILED", "No way there."))],
    [
      "breaks",
      () => ({
        status: 200,
        headers: {},
        body: (async function* () {
          yield Buffer.from("a");
          throw new ChainsError("CONNECTION_FAILED", "No way there.");
        })(),
      }),
    ],
  ])("that %s says once whose it is", async (_, handler: () => WireResponse | Promise<WireResponse>) => {
    const dependency: DependencyDescriptor = { ...TOKENS, kind: "engine_builder" };
    const stub = stubOf(handler, {}, { dependency }) as unknown as Remote<{
      runRemote(): AsyncIterable<unknown>;
    }>;
    await expect(collect(stub.runRemote())).rejects.toThrow(
      expect.objectContaining({
        message: "Calling the dependency Chainlet `Tokens` failed: No way there.",
      }),
    );
  });

  test("that nobody reads makes no call", () => {
    const handler = vi.fn(() => json(1));
    stubOf(handler, {}, { dependency: TOKENS }).runRemote();
    expect(handler).not.toHaveBeenCalled();
  });

  test.each([
    ["while it is being opened", []],
    ["while an item is waited for", ["a"]],
  ])("that is left %s ends at once, and gives its slot back", async (_, items) => {
    const signals: AbortSignal[] = [];
    const handler = async ({ signal }: WireRequest): Promise<WireResponse> => {
      signals.push(signal!);
      if (items.length === 0) return never();
      async function* body() {
        yield* pieces(...items);
        await never();
      }
      return { status: 200, headers: {}, body: body() };
    };
    const dependency: DependencyDescriptor = { ...TOKENS, kind: "engine_builder" };
    const stub = stubOf(handler, { concurrencyLimit: 1 }, { dependency }) as unknown as Remote<{
      runRemote(): AsyncIterable<unknown>;
    }>;
    for (const round of [1, 2]) {
      const stream = stub.runRemote()[Symbol.asyncIterator]();
      for (const item of items) expect((await stream.next()).value).toBe(item);
      const pending = stream.next();
      await vi.waitFor(() => expect(signals).toHaveLength(round));
      await stream.return!();
      expect(await pending).toEqual({ done: true, value: undefined });
      expect(signals.at(-1)!.aborted).toBe(true);
    }
  });

  test("that takes longer than its timeout says so", async () => {
    const handler = (): WireResponse => ({
      status: 200,
      headers: {},
      body: (async function* () {
        yield Buffer.from("a");
        await never();
      })(),
    });
    const dependency: DependencyDescriptor = { ...TOKENS, kind: "engine_builder" };
    const stub = stubOf(handler, { timeoutSec: 0.05 }, { dependency }) as unknown as Remote<{
      runRemote(): AsyncIterable<unknown>;
    }>;
    await expect(collect(stub.runRemote())).rejects.toThrow(
      expect.objectContaining({
        code: "CALL_TIMEOUT",
        message: "Timeout calling remote Chainlet `Tokens` (0.05 seconds limit).",
      }),
    );
  });

  test("whose items are asked for all at once gives them in order", async () => {
    const stub = streamOf(() => pieces("a", "b", "c"), { ...TOKENS, kind: "engine_builder" });
    const stream = stub.runRemote()[Symbol.asyncIterator]();
    const all = await Promise.all([stream.next(), stream.next(), stream.next(), stream.next()]);
    expect(all.map(({ value }) => value)).toEqual(["a", "b", "c", undefined]);
  });
});

test("an observer hears of every attempt, in order", async () => {
  const heard: unknown[] = [];
  const observer: CallObserver = {
    queued: () => heard.push(["queued"]),
    started: () => heard.push(["started"]),
    finished: ({ durationMs }) => heard.push(["finished", typeof durationMs]),
    abandoned: () => heard.push(["abandoned"]),
    retrying: (attempt) => heard.push(["retrying", attempt]),
  };
  let attempts = 0;
  const stub = stubOf(
    () => (++attempts === 1 ? failing(new Error("x")) : json(1)),
    { retries: 2 },
    { observer },
  );
  await stub.runRemote();
  expect(heard).toEqual([
    ["queued"],
    ["started"],
    ["finished", "number"],
    ["retrying", 1],
    ["queued"],
    ["started"],
    ["finished", "number"],
  ]);
});

test.each(["queued", "started", "finished"] as const)(
  "an observer that throws when a call is %s takes no slot with it",
  async (event) => {
    const observer: CallObserver = {
      queued() {},
      started() {},
      finished() {},
      abandoned() {},
      retrying() {},
    };
    const broken = vi.spyOn(observer, event).mockImplementationOnce(() => {
      throw new TypeError("broken observer");
    });
    const stub = stubOf(() => json(1), { concurrencyLimit: 1 }, { observer });
    await expect(stub.runRemote()).rejects.toThrow("broken observer");
    expect(await stub.runRemote()).toBe(1);
    expect(broken).toHaveBeenCalledTimes(2);
  },
);

test("a WebSocket endpoint cannot be called", () => {
  const dependency: DependencyDescriptor = { ...EMBED, endpoint: "websocket" };
  expect(() => stubOf(never, {}, { dependency })).toThrow(ChainsError);
});
