import type { WireRequest } from "@truss-chains/rpc";
import type { Answer, Handler } from "../handler/answer.ts";

/** Puts the calls of a chainlet into the traces of a tracing system. */
export interface Tracing {
  /** Serves a call inside a span. Dependencies that it calls are told to be the span's children. */
  serve(chainlet: string, request: WireRequest, handler: Handler): Promise<Answer>;
}

/** Where every copy of the OpenTelemetry API finds what an SDK registered. */
const OPENTELEMETRY = Symbol.for("opentelemetry.js.api.1");

/**
 * OpenTelemetry, when the process has set up an SDK of it; undefined else, which costs nothing. The trace context of
 * a call is passed on in either case.
 */
export async function loadTracing(): Promise<Tracing | undefined> {
  if (!(OPENTELEMETRY in globalThis)) return undefined;
  const { createTracing } = await import("./opentelemetry.ts");
  return createTracing();
}
