import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Answer } from "../handler/answer.ts";
import { loadTracing } from "./tracing.ts";

const exporter = new InMemorySpanExporter();

beforeEach(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterEach(() => {
  exporter.reset();
  trace.disable();
  context.disable();
  propagation.disable();
});

const headers = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

test("a call is a span of its caller's trace, and its dependencies are told of it", async () => {
  const tracing = (await loadTracing())!;
  let told = "";
  let active: string | undefined;
  await tracing.serve(
    "Search",
    { headers, body: "", signal: undefined },
    async (request): Promise<Answer> => {
      told = request.headers.traceparent!;
      active = trace.getActiveSpan()?.spanContext().spanId;
      return { status: 200, headers: {}, body: "1" };
    },
  );
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({ name: "Search.runRemote", parentSpanId: "b7ad6b7169203331" });
  const { traceId, spanId } = span!.spanContext();
  expect(traceId).toBe("0af7651916cd43dd8448eb211c80319c");
  expect([told, active]).toEqual([`00-${traceId}-${spanId}-01`, spanId]);
});

test("the span of a stream ends with its last item", async () => {
  const tracing = (await loadTracing())!;
  async function* body(): AsyncIterable<Uint8Array> {
    yield Buffer.from("a");
  }
  const answer = await tracing.serve("Poet", { headers, body: "", signal: undefined }, async () => ({
    status: 200,
    headers: {},
    body: body(),
  }));
  expect(exporter.getFinishedSpans()).toHaveLength(0);
  for await (const _ of answer.body as AsyncIterable<Uint8Array>) {
    // Read to its end.
  }
  expect(exporter.getFinishedSpans()).toHaveLength(1);
});
