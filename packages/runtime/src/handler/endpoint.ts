import type { ChainletDescriptor, RequestContext } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";

/** The `runRemote` of a chainlet, ready to be called. */
export type Endpoint = (input: unknown, request: RequestContext) => Promise<unknown>;

interface Callable {
  runRemote(...args: unknown[]): unknown;
}

/**
 * The endpoint of a chainlet, or of an object that stands in for it.
 *
 * @throws ChainsError `ENDPOINT_MISSING` when the object has no `runRemote`.
 */
export function endpointOf(chainlet: ChainletDescriptor, instance: object): Endpoint {
  if (typeof (instance as Partial<Callable>).runRemote !== "function") {
    throw new ChainsError(
      "ENDPOINT_MISSING",
      `What stands in for ${chainlet.name} has no method runRemote.`,
      {
        fix: "Give it one, of the same shape as the chainlet's.",
        location: { className: chainlet.name },
      },
    );
  }
  const callable = instance as Callable;
  // An endpoint without an input has the request as its first parameter. What runs elsewhere may take any body.
  const { endpoint, kind } = chainlet;
  const takesInput = kind !== "code" || endpoint.kind === "websocket" || endpoint.input !== undefined;
  // The name marks where the author's frames end in a stack.
  return async function serveEndpoint(input, request) {
    return await (takesInput ? callable.runRemote(input, request) : callable.runRemote(request));
  };
}
