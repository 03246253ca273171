import type { RequestContext, RequestLog } from "@truss-chains/core";
import {
  type Alarm,
  Cancellation,
  isTraceparent,
  type RequestScope,
  runInRequestScope,
  setAlarm,
  type WireRequest,
} from "@truss-chains/rpc";
import { deadlinePassed } from "./deadline.ts";
import { newRequestId, newTraceparent } from "./ids.ts";

/** One call while it is served: what its headers say, and the signal that ends it. */
export class ServedRequest implements RequestContext, RequestScope {
  readonly requestId: string;
  readonly chainRequestId: string | undefined;
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  readonly deadline: number | undefined;
  readonly log: RequestLog;
  readonly #rawHeaders: WireRequest["headers"];
  readonly cancellation: Cancellation;
  readonly #alarm: Alarm | undefined;
  readonly #unfollow: (() => void) | undefined;
  #headers: Headers | undefined;
  #controller: AbortController | undefined;

  constructor(wire: WireRequest, deadline: number | undefined, log: RequestLog) {
    const { headers } = wire;
    this.#rawHeaders = headers;
    this.requestId = headers["x-baseten-request-id"] || newRequestId();
    this.chainRequestId = headers["x-baseten-chain-request-id"] || undefined;
    const { traceparent } = headers;
    const traced = traceparent !== undefined && isTraceparent(traceparent);
    this.traceparent = traced ? traceparent : newTraceparent();
    this.tracestate = traced ? headers.tracestate : undefined;
    this.deadline = deadline;
    this.log = log;
    this.cancellation = wire.cancellation ?? new Cancellation();
    if (!wire.cancellation && wire.signal) this.#unfollow = this.cancellation.follow(wire.signal);
    if (deadline !== undefined) {
      this.#alarm = setAlarm(deadline - Date.now(), () => this.cancellation.abort(deadlinePassed()));
    }
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#rawHeaders as Record<string, string>);
    return this.#headers;
  }

  /** Aborted when the caller goes away or the deadline passes. Who listens is told in the scope of the request. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      const onAbort = () => runInRequestScope(this, () => controller.abort(this.cancellation.reason));
      if (this.cancellation.aborted) onAbort();
      else this.cancellation.watch({ onAbort });
    }
    return this.#controller.signal;
  }

  /** The call is over: nothing can end it any more. */
  close(): void {
    this.#alarm?.cancel();
    this.#unfollow?.();
  }
}
