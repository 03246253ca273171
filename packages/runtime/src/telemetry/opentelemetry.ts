import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { isStream } from "../handler/answer.ts";
import type { Tracing } from "./tracing.ts";

/** Server spans, named after the chainlet. */
export function createTracing(): Tracing {
  const tracer = trace.getTracer("truss-chains");
  return {
    async serve(chainlet, request, handler) {
      const parent = propagation.extract(context.active(), request.headers);
      const span = tracer.startSpan(`${chainlet}.runRemote`, { kind: SpanKind.SERVER }, parent);
      const headers = { ...request.headers, traceparent: traceparentOf(span) };
      const answer = await context.with(trace.setSpan(parent, span), () => handler({ ...request, headers }));
      span.setAttribute("http.response.status_code", answer.status);
      if (answer.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      if (isStream(answer.body)) return { ...answer, body: endWith(span, answer.body) };
      span.end();
      return answer;
    },
  };
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

async function* endWith(span: Span, body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } finally {
    span.end();
  }
}
