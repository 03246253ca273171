import type { RequestContext, RequestLog } from "@truss-chains/core";
import type { RequestScope, WireRequest } from "@truss-chains/rpc";
import { deadlinePassed } from "./deadline.ts";
import { isTraceparent, newRequestId, newTraceparent } from "./ids.ts";

const NEVER = new AbortController().signal;

/** One call while it is served: what its headers say, and the signal that ends it. */
export class ServedRequest implements RequestContext, RequestScope {
  readonly requestId: string;
  readonly chainRequestId: string | undefined;
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  readonly signal: AbortSignal;
  readonly deadline: number | undefined;
  readonly log: RequestLog;
  readonly #rawHeaders: WireRequest["headers"];
  #headers: Headers | undefined;
  #release: (() => void) | undefined;

  constructor({ headers, signal }: WireRequest, deadline: number | undefined, log: RequestLog) {
    this.#rawHeaders = headers;
    this.requestId = headers["x-baseten-request-id"] || newRequestId();
    this.chainRequestId = headers["x-baseten-chain-request-id"] || undefined;
    const { traceparent } = headers;
    const traced = traceparent !== undefined && isTraceparent(traceparent);
    this.traceparent = traced ? traceparent : newTraceparent();
    this.tracestate = traced ? headers.tracestate : undefined;
    this.deadline = deadline;
    this.log = log;
    this.signal = deadline === undefined ? (signal ?? NEVER) : this.#untilDeadline(deadline, signal);
  }

  get headers(): Headers {
    this.#headers ??= new Headers(this.#rawHeaders as Record<string, string>);
    return this.#headers;
  }

  /** Ends the watch of the deadline. */
  close(): void {
    this.#release?.();
  }

  #untilDeadline(deadline: number, outer: AbortSignal | undefined): AbortSignal {
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(deadlinePassed()),
      Math.min(deadline - Date.now(), LONGEST_MS),
    );
    const onAbort = () => controller.abort(outer!.reason);
    if (outer?.aborted) onAbort();
    outer?.addEventListener("abort", onAbort, { once: true });
    this.#release = () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onAbort);
    };
    return controller.signal;
  }
}

/** 24 days. Node fires a longer timer at once. */
const LONGEST_MS = 2 ** 31 - 1;
