import { AsyncLocalStorage } from "node:async_hooks";
import type { Cancellation } from "./call/cancellation.ts";

/** What the calls made while serving a request take over from it. */
export interface RequestScope {
  readonly requestId: string;
  readonly chainRequestId: string | undefined;
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  /** Aborted when the caller of the request goes away or its deadline passes. */
  readonly signal: AbortSignal;
  /** Where the signal comes from, for whoever can do without one. */
  readonly cancellation?: Cancellation;
  /** Milliseconds since the epoch. */
  readonly deadline: number | undefined;
}

const storage = new AsyncLocalStorage<RequestScope>();

/** Runs a function, and all that it starts, on behalf of a request. */
export function runInRequestScope<T>(scope: RequestScope, run: () => T): T {
  return storage.run(scope, run);
}

/** The request being served, or undefined outside of one. */
export function currentRequestScope(): RequestScope | undefined {
  return storage.getStore();
}
