import type { Span, SpanContext } from "@opentelemetry/api";
import type { OpenTelemetry } from "./opentelemetry.ts";

type Headers = Readonly<Record<string, string>>;

/** Headers of a call that is this span. Without an SDK for traces a span has no ids, and the headers stay. */
export function withTraceparent(api: OpenTelemetry, headers: Headers, span: Span): Headers {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (!api.isSpanContextValid(span.spanContext())) return headers;
  return { ...headers, traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}` };
}

/** The span that a W3C trace context names. */
export function spanContextOf(traceparent: string): SpanContext {
  const [, traceId = "", spanId = "", flags = ""] = traceparent.split("-");
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1 };
}
