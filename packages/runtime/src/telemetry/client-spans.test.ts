import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import {
  Chainlet,
  ChainletBase,
  type ChainletClass,
  depends,
  describeChainlet,
  endpoint,
  endpointContract,
  type Remote,
  type RequestContext,
} from "@truss-chains/core";
import { HttpError } from "@truss-chains/rpc";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import type { ServeConfig } from "../lifecycle/serve-options.ts";
import { type RunningServer, startServer } from "../lifecycle/start-server.ts";

const Asked = z.object({ what: z.enum(["answer", "fail once", "fail", "stream"]) });
let failures = 0;
const heard: (string | null)[] = [];

@Chainlet()
class Callee extends ChainletBase {
  @endpoint({ input: Asked, output: z.string() })
  async runRemote({ what }: z.infer<typeof Asked>, request: RequestContext) {
    heard.push(request.headers.get("traceparent"));
    if (what === "fail once" && failures++ === 0) throw new HttpError(503, "not yet");
    if (what === "fail") throw new HttpError(404, "no such thing");
    return what;
  }
}

@Chainlet()
class Counting extends ChainletBase {
  @endpoint({ stream: z.string() })
  async *runRemote() {
    yield "1";
    yield "2";
  }
}

@Chainlet()
class Caller extends ChainletBase {
  constructor(
    @depends(Callee, { retries: 2 }) private readonly callee: Remote<Callee>,
    @depends(Counting) private readonly counting: Remote<Counting>,
  ) {
    super();
  }

  @endpoint({ input: Asked, stream: z.string() })
  async *runRemote({ what }: z.infer<typeof Asked>) {
    yield "first";
    if (what === "stream") yield* this.counting.runRemote();
    else yield await this.callee.runRemote({ what });
  }
}

const exporter = new InMemorySpanExporter();
const servers: RunningServer[] = [];
let dir: string;

beforeEach(async () => {
  failures = 0;
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  dir = await mkdtemp(join(tmpdir(), "spans-"));
  await mkdir(join(dir, "secrets"));
  await writeFile(join(dir, "secrets", "baseten_chain_api_key"), "key-of-the-chain");
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  await rm(dir, { recursive: true });
  exporter.reset();
  heard.length = 0;
  trace.disable();
  context.disable();
  propagation.disable();
});

async function serve(cls: ChainletClass): Promise<string> {
  const config: ServeConfig = {
    name: cls.name,
    displayName: cls.name,
    port: 0,
    endpoints: { predict: "/predict", readiness: "/ready", liveness: "/live" },
    secrets: ["baseten_chain_api_key"],
    predictConcurrency: 8,
    streamingReadTimeout: 60,
    dataDir: null,
    weights: [],
    modelCache: false,
    workerThreads: 0,
    pings: null,
    debugLogs: false,
    contract: endpointContract(describeChainlet(cls).endpoint),
  };
  const mounts = {
    dynamicConfigDir: dir,
    secretsDir: join(dir, "secrets"),
    weightsRoot: undefined,
    appHome: dir,
    host: "127.0.0.1",
    port: 0,
    drainSeconds: 9,
  };
  const logger = { log() {}, flush: async () => {} };
  const server = await startServer(cls, { config, mounts, logger, secretValues: new Set() });
  servers.push(server);
  return `http://127.0.0.1:${server.port}/predict`;
}

const TRACE = "0af7651916cd43dd8448eb211c80319c";

/** The answer of the chain, and its spans. */
async function ask(what: z.infer<typeof Asked>["what"]) {
  const urls = { Callee: await serve(Callee), Counting: await serve(Counting) };
  const entries = Object.entries(urls).map(([name, url]) => [name, { predict_url: url }]);
  await writeFile(join(dir, "dynamic_chainlet_config"), JSON.stringify(Object.fromEntries(entries)));
  const answer = await fetch(await serve(Caller), {
    method: "POST",
    headers: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` },
    body: JSON.stringify({ what }),
  });
  const text = await answer.text();
  await expect.poll(() => spansNamed("Caller.runRemote")).toHaveLength(1);
  return { text, urls, caller: spansNamed("Caller.runRemote")[0]!, attempts: spansNamed("POST") };
}

const spansNamed = (name: string): ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.name === name);

test("a call to a dependency is a client span, between the spans of caller and callee", async () => {
  const { text, urls, caller, attempts } = await ask("answer");
  expect(text).toBe("firstanswer");
  const [attempt] = attempts;
  expect(attempt).toMatchObject({
    kind: SpanKind.CLIENT,
    parentSpanId: caller.spanContext().spanId,
    status: { code: SpanStatusCode.UNSET },
    attributes: {
      "http.request.method": "POST",
      "http.response.status_code": 200,
      "server.address": "127.0.0.1",
      "server.port": Number(new URL(urls.Callee).port),
      "url.full": urls.Callee,
      "peer.service": "Callee",
    },
  });
  const { traceId, spanId } = attempt!.spanContext();
  expect(traceId).toBe(TRACE);
  const [callee] = spansNamed("Callee.runRemote");
  expect(callee!.parentSpanId).toBe(spanId);
  expect(heard).toEqual([`00-${TRACE}-${callee!.spanContext().spanId}-01`]);
});

test("each attempt is a span of its own, and a failed one says how", async () => {
  const { text, attempts, caller } = await ask("fail once");
  expect(text).toBe("firstfail once");
  expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual(
    Array(2).fill(caller.spanContext().spanId),
  );
  const [first, second] = attempts;
  expect([first!.status.code, first!.attributes["error.type"]]).toEqual([SpanStatusCode.ERROR, "503"]);
  expect(first!.attributes).not.toHaveProperty("http.request.resend_count");
  expect([second!.status.code, second!.attributes["http.request.resend_count"]]).toEqual([
    SpanStatusCode.UNSET,
    1,
  ]);
  const parents = spansNamed("Callee.runRemote").map(({ parentSpanId }) => parentSpanId);
  expect(parents).toEqual(attempts.map((attempt) => attempt.spanContext().spanId));
});

test("an error of the dependency is the attempt's", async () => {
  const { attempts } = await ask("fail");
  expect(attempts).toMatchObject([
    { status: { code: SpanStatusCode.ERROR }, attributes: { "http.response.status_code": 404 } },
  ]);
});

test("a stream is a span until its last item", async () => {
  const { text, attempts, caller } = await ask("stream");
  expect(text).toBe("first12");
  expect(attempts).toMatchObject([
    { parentSpanId: caller.spanContext().spanId, attributes: { "peer.service": "Counting" } },
  ]);
});

test("a dependency that cannot be reached is an error with its reason", async () => {
  const port = await unusedPort();
  const entry = { predict_url: `http://127.0.0.1:${port}/predict` };
  await writeFile(join(dir, "dynamic_chainlet_config"), JSON.stringify({ Callee: entry, Counting: entry }));
  const url = await serve(Caller);
  await (await fetch(url, { method: "POST", body: JSON.stringify({ what: "stream" }) })).text();
  await expect.poll(() => spansNamed("POST")).toHaveLength(1);
  const [attempt] = spansNamed("POST");
  expect(attempt!.attributes["error.type"]).toBe("CONNECTION_FAILED");
  expect(attempt!.events).toMatchObject([{ name: "exception" }]);
});

async function unusedPort(): Promise<string> {
  const url = await serve(Callee);
  await servers.pop()!.stop();
  return new URL(url).port;
}
