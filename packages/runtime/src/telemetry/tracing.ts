import type { Transport, WireRequest, WireResponse } from "@truss-chains/rpc";
import type { Answer, Handler } from "../handler/answer.ts";
import { createTracing } from "./opentelemetry.ts";

/** What a client span says of the callee. */
export interface CallTarget {
  /** Class name of the dependency. */
  readonly name: string;
  readonly url: string;
}

/** Puts the calls of a chainlet into the traces of a tracing system. */
export interface Tracing {
  /** Serves a call inside a span. Dependencies that it calls are told to be the span's children. */
  serve(chainlet: string, request: WireRequest, handler: Handler): Promise<Answer>;
  /** Makes one attempt to call a dependency, inside a span of its own, which the callee is told of. */
  call(target: CallTarget, request: WireRequest, transport: Transport): Promise<WireResponse>;
}

/** The tracing of a process; stubs are made before it is known whether there is any. */
export interface TracingSlot {
  current: Tracing | undefined;
}

/** Where every copy of the OpenTelemetry API finds what an SDK registered. */
const OPENTELEMETRY = Symbol.for("opentelemetry.js.api.1");

/**
 * OpenTelemetry, when the process has set up an SDK of it; undefined else, which costs nothing. The trace context of
 * a call is passed on in either case.
 */
export async function loadTracing(): Promise<Tracing | undefined> {
  if (!(OPENTELEMETRY in globalThis)) return undefined;
  return createTracing(await import("@opentelemetry/api"));
}

/** A transport whose calls are spans, once there is tracing. */
export function traced(transport: Transport, target: CallTarget, slot: TracingSlot): Transport {
  return {
    call: (request) =>
      slot.current ? slot.current.call(target, request, transport) : transport.call(request),
    close: () => transport.close(),
  };
}
