import type { RequestContext } from "@truss-chains/core";

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * A `RequestContext` for a unit test that calls `runRemote` by itself. Without more, it is a call without headers or a
 * deadline that nobody aborts and that logs nothing.
 *
 * @param parts what is to be otherwise: `fakeRequest({ signal: AbortSignal.abort() })`.
 */
export function fakeRequest(parts: Partial<RequestContext> = {}): RequestContext {
  return {
    signal: new AbortController().signal,
    headers: new Headers(),
    requestId: "test",
    traceparent: "00-0000000000000000000000000000000a-000000000000000b-01",
    deadline: undefined,
    log: SILENT,
    ...parts,
  };
}
