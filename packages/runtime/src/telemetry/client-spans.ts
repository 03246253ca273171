import type { Attributes, Context, Span, SpanStatusCode, Tracer } from "@opentelemetry/api";
import { ChainsError } from "@truss-chains/errors";
import { changedRequest, currentRequestScope, type WireRequest, type WireResponse } from "@truss-chains/rpc";
import { whenEnded } from "../handler/when-ended.ts";
import type { OpenTelemetry } from "./opentelemetry.ts";
import { spanContextOf, withTraceparent } from "./traceparent.ts";
import type { CallTarget, Tracing } from "./tracing.ts";

/** What every copy of @opentelemetry/core knows `suppressTracing` by: instrumentations would tell of the call again. */
const SUPPRESSED = "OpenTelemetry SDK Context Key SUPPRESS_TRACING";

const ERROR: SpanStatusCode.ERROR = 2;

/**
 * A client span for each attempt, with the name and the attributes of OpenTelemetry's stable conventions for HTTP clients.
 * It ends with the last byte of the answer.
 */
export function clientSpans(api: OpenTelemetry, tracer: Tracer): Tracing["call"] {
  const { context, createContextKey, SpanKind, trace } = api;
  const suppressed = createContextKey(SUPPRESSED);
  // All attempts of a call send the same headers object: that is how a repetition is told from a first attempt.
  const attempts = new WeakMap<WireRequest["headers"], number>();
  return async (target, request, transport) => {
    const resends = attempts.get(request.headers) ?? 0;
    attempts.set(request.headers, resends + 1);
    const attributes = {
      ...attributesOf(target),
      ...(resends > 0 && { "http.request.resend_count": resends }),
    };
    const parent = parentContext(api);
    const span = tracer.startSpan("POST", { kind: SpanKind.CLIENT, attributes }, parent);
    const inside = trace.setSpan(parent, span).setValue(suppressed, true);
    try {
      const headers = withTraceparent(api, request.headers, span);
      const response = await context.with(inside, () => transport.call(changedRequest(request, { headers })));
      return told(span, response);
    } catch (error) {
      fail(span, error);
      throw error;
    }
  };
}

/** The span that the caller is in; the items of a stream are made outside of it, but for the same request. */
function parentContext({ context, trace }: OpenTelemetry): Context {
  const active = context.active();
  const scope = trace.getSpan(active) ? undefined : currentRequestScope();
  return scope ? trace.setSpanContext(active, spanContextOf(scope.traceparent)) : active;
}

function attributesOf({ name, url }: CallTarget): Attributes {
  const { origin, pathname, hostname, port, protocol } = new URL(url);
  return {
    "http.request.method": "POST",
    "server.address": hostname,
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
    // A query may hold a key.
    "url.full": origin + pathname,
    "peer.service": name,
  };
}

function told(span: Span, response: WireResponse): WireResponse {
  const { status, bytes, body } = response;
  span.setAttribute("http.response.status_code", status);
  if (status >= 400) {
    span.setAttribute("error.type", String(status));
    span.setStatus({ code: ERROR });
  }
  if (bytes) {
    span.end();
    return response;
  }
  const ended = whenEnded(body, (failure) => (failure ? fail(span, failure.reason) : span.end()));
  return { ...response, body: ended };
}

function fail(span: Span, error: unknown): void {
  const known = error instanceof Error ? error : new Error("A value that is not an Error was thrown.");
  span.recordException(known);
  span.setAttribute("error.type", error instanceof ChainsError ? error.code : known.name);
  span.setStatus({ code: ERROR, message: known.message });
  span.end();
}
