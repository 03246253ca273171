import { changedRequest } from "@truss-chains/rpc";
import { isStream } from "../handler/answer.ts";
import { whenEnded } from "../handler/when-ended.ts";
import { clientSpans } from "./client-spans.ts";
import { withTraceparent } from "./traceparent.ts";
import type { Tracing } from "./tracing.ts";

/** The API package, which is only loaded when the process has an SDK. */
export type OpenTelemetry = typeof import("@opentelemetry/api");

/** Server spans, named after the chainlet, and client spans for each attempt to call a dependency. */
export function createTracing(api: OpenTelemetry): Tracing {
  const { context, propagation, SpanKind, SpanStatusCode, trace } = api;
  const tracer = trace.getTracer("truss-chains");
  return {
    call: clientSpans(api, tracer),
    async serve(chainlet, request, handler) {
      const parent = propagation.extract(context.active(), request.headers);
      const span = tracer.startSpan(`${chainlet}.runRemote`, { kind: SpanKind.SERVER }, parent);
      const headers = withTraceparent(api, request.headers, span);
      const answer = await context.with(trace.setSpan(parent, span), () =>
        handler(changedRequest(request, { headers })),
      );
      span.setAttribute("http.response.status_code", answer.status);
      if (answer.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      if (isStream(answer.body)) return { ...answer, body: whenEnded(answer.body, () => span.end()) };
      span.end();
      return answer;
    },
  };
}
