import { gzipSync } from "node:zlib";
import {
  Chainlet,
  ChainletBase,
  type ChainletClass,
  describeChainlet,
  endpoint,
  endpointContract,
  type RequestContext,
} from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import {
  CancellableRequest,
  Cancellation,
  CONTRACT_HEADER,
  currentRequestScope,
  DEADLINE_HEADER,
  HttpError,
  type WireResponse,
} from "@truss-chains/rpc";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { buildChainlet, type Serving } from "../lifecycle/build-chainlet.ts";
import { Meter } from "../metrics/meter.ts";
import { toPrometheus } from "../metrics/prometheus.ts";
import { type Handler, toWireHandler } from "./answer.ts";
import { Gate } from "./gate.ts";
import { limited } from "./limited.ts";

@Chainlet()
class Greet extends ChainletBase {
  @endpoint({ input: z.object({ name: z.string() }), output: z.string() })
  async runRemote({ name }: { name: string }, request: RequestContext) {
    return `${name} ${request.requestId} ${request.headers.get("x-own")} ${request.deadline !== undefined}`;
  }
}

@Chainlet()
class Nothing extends ChainletBase {
  @endpoint({})
  async runRemote() {}
}

/** Says which trace it is in. */
@Chainlet()
class Traced extends ChainletBase {
  @endpoint({ output: z.string() })
  async runRemote(request: RequestContext) {
    return request.traceparent;
  }
}

/** Says how many milliseconds it has left. */
@Chainlet()
class Left extends ChainletBase {
  @endpoint({ output: z.number() })
  async runRemote(request: RequestContext) {
    return request.deadline! - Date.now();
  }
}

/** Its schema does more than to look at values, and fails at it. */
@Chainlet()
class Unlucky extends ChainletBase {
  @endpoint({ input: z.object({ id: z.string().transform(lookUp) }), output: z.string() })
  async runRemote() {
    return "never";
  }
}

function lookUp(id: string): string {
  if (id === "7") throw new HttpError(404, "There is no 7.");
  throw new Error(`The database refused key-of-the-database for ${id}.`);
}

/** Throws what cannot even be looked at. */
@Chainlet()
class Opaque extends ChainletBase {
  @endpoint({})
  async runRemote() {
    const touched = () => {
      throw new Error("not to be touched");
    };
    throw new Proxy({}, { get: touched, getPrototypeOf: touched, ownKeys: touched });
  }
}

@Chainlet()
class Scoped extends ChainletBase {
  @endpoint({ stream: z.string() })
  async *runRemote() {
    for (let item = 0; item < 3; item++) {
      await new Promise((resolve) => setImmediate(resolve));
      yield `${currentRequestScope()?.requestId} `;
    }
  }
}

/** Says whose request it is that ends. */
@Chainlet()
class Listening extends ChainletBase {
  @endpoint({ output: z.string() })
  async runRemote({ signal }: RequestContext) {
    return new Promise<string>((resolve) => {
      signal.addEventListener("abort", () => resolve(currentRequestScope()?.requestId ?? "nobody's"));
    });
  }
}

/** Waits until it is told to end. */
@Chainlet()
class Patient extends ChainletBase {
  @endpoint({})
  async runRemote({ signal }: RequestContext) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    signal.throwIfAborted();
  }
}

@Chainlet()
class Stumbling extends ChainletBase {
  @endpoint({ input: z.object({ at: z.number() }), stream: z.string() })
  async *runRemote({ at }: { at: number }) {
    for (let item = 0; item < 3; item++) {
      if (item === at) throw new Error("stumbled");
      yield `${item}`;
    }
  }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function handlerOf(cls: ChainletClass, changes: Partial<Serving> = {}): Handler {
  const chainlet = describeChainlet(cls);
  const injector = { context: () => {}, dependency: () => {}, resolver: () => {} };
  return buildChainlet(chainlet, injector, {
    contract: endpointContract(chainlet.endpoint),
    streamGapMs: 1_000,
    log: silent,
    onFailure: () => {},
    secrets: () => [],
    ...changes,
  }).handler;
}

async function textOf({ body }: WireResponse): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function call(handler: Handler, body: unknown, headers: Record<string, string> = {}) {
  const response = await toWireHandler(handler)({
    headers,
    body: JSON.stringify(body) ?? "",
    signal: undefined,
  });
  return { status: response.status, headers: response.headers, text: await textOf(response) };
}

describe("a call", () => {
  test("knows its headers, its id and its deadline", async () => {
    const headers = { "x-own": "1", "x-baseten-request-id": "r7", [DEADLINE_HEADER]: "5000" };
    expect(await call(handlerOf(Greet), { name: "Ada" }, headers)).toMatchObject({
      status: 200,
      text: '"Ada r7 1 true"',
    });
  });

  test("whose trace context is none begins a trace", async () => {
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01-what-version-00-does-not-have`;
    const own = JSON.parse((await call(handlerOf(Traced), {}, { traceparent })).text);
    expect(own).toMatch(/^00-(?!a{32})[\da-f]{32}-[\da-f]{16}-01$/);
  });

  test("without an input may have any body, or none, and returns null without an output", async () => {
    expect((await call(handlerOf(Nothing), undefined)).text).toBe("null");
    expect((await call(handlerOf(Nothing), { any: 1 })).text).toBe("null");
  });

  test("whose body is compressed is told that this is what is wrong with it", async () => {
    const handler = handlerOf(Greet);
    const body = gzipSync('{"name":"Ada"}');
    const headers = { "content-encoding": "gzip" };
    const answer = await toWireHandler(handler)({ headers, body, signal: undefined });
    expect(answer.status).toBe(400);
    expect(await textOf(answer)).toContain("The body is compressed (gzip)");
    // A proxy that unpacked it may have left the header.
    expect((await call(handler, { name: "Ada" }, headers)).status).toBe(200);
  });

  test("belongs to its request for every item of a stream", async () => {
    const { text } = await call(handlerOf(Scoped), {}, { "x-baseten-request-id": "r7" });
    expect(text).toBe("r7 r7 r7 ");
  });
});

describe("a schema that throws", () => {
  test("is the chainlet's own failure: logged, and answered without secrets", async () => {
    const failures: unknown[][] = [];
    const handler = handlerOf(Unlucky, {
      onFailure: (error, message) => void failures.push([message, String(error)]),
      secrets: () => ["key-of-the-database"],
    });
    const { status, text } = await call(handler, { id: "8" });
    expect(status).toBe(500);
    expect(JSON.parse(text).error).toMatchObject({
      exception_message: "The database refused [hidden] for 8.",
      user_stack_trace: expect.arrayContaining([expect.objectContaining({ name: "Object.lookUp" })]),
    });
    expect(failures).toEqual([
      ["Unlucky.runRemote could not check its input.", expect.stringContaining("The database refused")],
    ]);
  });

  test("may answer with a status of its own", async () => {
    expect((await call(handlerOf(Unlucky), { id: "7" })).status).toBe(404);
  });
});

test("a stream that fails at its first item shows the lines of its author, and no others", async () => {
  const { status, text } = await call(handlerOf(Stumbling), { at: 0 });
  const { user_stack_trace } = JSON.parse(text).error;
  expect([status, user_stack_trace.map(({ name }: { name: string }) => name)]).toEqual([
    500,
    ["Stumbling.runRemote"],
  ]);
});

describe("a caller that was built against other schemas", () => {
  const skewed = { [CONTRACT_HEADER]: "0123456789abcdef" };

  test("is served when its input fits", async () => {
    expect((await call(handlerOf(Greet), { name: "Ada" }, skewed)).status).toBe(200);
  });

  test("is told what differs when it does not", async () => {
    const { status, text } = await call(handlerOf(Greet), { firstName: "Ada" }, skewed);
    const { error, chains } = JSON.parse(text);
    expect([status, chains.code]).toEqual([409, "CONTRACT_MISMATCH"]);
    expect(error).toContain("Greet serves other schemas than its caller was built against");
    expect(error).toContain("name: Invalid input: expected string, received undefined.");
    expect(chains.data.served.schemas.input.required).toEqual(["name"]);
  });
});

test("a call beyond the queue is answered with 429, and told when to try again", async () => {
  const gate = new Gate({ concurrency: 1, waiting: 0, waitingBytes: 0 });
  gate.enter(0, { signal: undefined });
  const { status, headers, text } = await call(limited(handlerOf(Nothing), gate, new Meter()), {});
  expect([status, headers["retry-after"]]).toEqual([429, "1"]);
  expect(JSON.parse(text).chains.code).toBe("OVERLOADED");
});

describe("a call that waits for its turn", () => {
  const held = () => {
    const gate = new Gate({ concurrency: 1, waiting: 1, waitingBytes: 0 });
    gate.enter(0, { signal: undefined });
    return gate;
  };
  const waiting = (gate: Gate, ms: number) => {
    const request = new CancellableRequest({ [DEADLINE_HEADER]: String(ms) }, "", new Cancellation());
    return toWireHandler(limited(handlerOf(Left), gate, new Meter()))(request);
  };

  test("has less time left when it comes", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const gate = held();
    const answer = waiting(gate, 60_000);
    vi.setSystemTime(Date.now() + 10_000);
    gate.leave();
    expect(await textOf(await answer)).toBe("50000");
  });

  test("leaves the queue when its caller's deadline passes", async () => {
    const gate = held();
    const { status, body } = await waiting(gate, 1);
    expect([status, gate.waiting]).toEqual([504, 0]);
    expect(await textOf({ body } as WireResponse)).toContain("The caller's deadline passed.");
  });
});

describe("a call whose caller leaves", () => {
  const gone = new ChainsError("CALL_ABORTED", "gone");
  const statuses = async (meter: Meter) => {
    const { text } = await toPrometheus(meter.families());
    return text.match(/chainlet_requests_total\{.*/g);
  };

  test("while it waits for its turn is not counted as a failure", async () => {
    const gate = new Gate({ concurrency: 1, waiting: 1, waitingBytes: 0 });
    gate.enter(0, { signal: undefined });
    const [meter, cancellation] = [new Meter(), new Cancellation()];
    const handler = limited(handlerOf(Nothing), gate, meter);
    const answer = handler(new CancellableRequest({}, "", cancellation));
    cancellation.abort(gone);
    expect((await answer).status).toBe(499);
    expect(await statuses(meter)).toEqual(['chainlet_requests_total{status="499"} 1']);
  });

  test("while it is served is not one either, and is told to the few who want to know", async () => {
    const told: string[] = [];
    const log = { ...silent, debug: (message: string) => void told.push(message) };
    const onFailure = (_: unknown, message: string) => void told.push(message);
    const cancellation = new Cancellation();
    const answer = handlerOf(Patient, { log, onFailure })(new CancellableRequest({}, "", cancellation));
    cancellation.abort(gone);
    expect((await answer).status).toBe(499);
    expect(told).toEqual(["Patient.runRemote was left by its caller."]);
  });

  test.each([
    ["its caller leaves", {}],
    ["its deadline passes", { [DEADLINE_HEADER]: "1" }],
  ])("hears that %s as what it is: the request that it serves", async (_, deadline) => {
    const cancellation = new Cancellation();
    const headers = { "x-baseten-request-id": "r7", ...deadline };
    const answer = handlerOf(Listening)(new CancellableRequest(headers, "", cancellation));
    if (!(DEADLINE_HEADER in headers)) cancellation.abort(gone);
    expect((await answer).body.toString()).toBe('"r7"');
  });
});

test("a turn is given back after the last item of a stream, and after its reader left", async () => {
  const gate = new Gate({ concurrency: 1, waiting: 0, waitingBytes: 0 });
  const handler = toWireHandler(limited(handlerOf(Scoped), gate, new Meter()));
  const request = { headers: {}, body: "{}", signal: undefined };
  await textOf(await handler(request));
  expect(gate.held).toBe(0);
  for await (const _ of (await handler(request)).body) break;
  expect(gate.held).toBe(0);
});

test("a call that fails in whatever way is answered, and gives its turn back", async () => {
  const gate = new Gate({ concurrency: 1, waiting: 0, waitingBytes: 0 });
  const rejects = async (): Promise<never> => {
    throw new Error("broken");
  };
  for (const handler of [handlerOf(Opaque), rejects]) {
    expect((await call(limited(handler, gate, new Meter()), {})).status).toBe(500);
    expect(gate.held).toBe(0);
  }
});

test("a turn is given back when nobody wants a stream, not even its first item", async () => {
  const gate = new Gate({ concurrency: 1, waiting: 0, waitingBytes: 0 });
  const handler = limited(handlerOf(Scoped), gate, new Meter());
  const { body } = await handler({ headers: {}, body: "{}", signal: undefined });
  await (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().return!();
  expect(gate.held).toBe(0);
});
