import type { ChainletDescriptor } from "@truss-chains/core";
import type { Handler } from "../handler/answer.ts";
import { createHandler, type HandlerOptions } from "../handler/create-handler.ts";
import { type Endpoint, endpointOf } from "../handler/endpoint.ts";
import { constructorArguments, type Injector } from "../inject/arguments.ts";
import { constructChainlet } from "../inject/construct.ts";

/** A chainlet in this process, and what serves its calls. */
export interface BuiltChainlet {
  readonly instance: object;
  readonly endpoint: Endpoint;
  readonly handler: Handler;
}

/** How the calls of a chainlet are served. */
export type Serving = Omit<HandlerOptions, "chainlet" | "endpoint">;

/**
 * Constructs a chainlet with what its constructor asks for.
 *
 * @throws what the injector or the constructor threw.
 */
export function buildChainlet(
  chainlet: ChainletDescriptor,
  injector: Injector,
  serving: Serving,
): BuiltChainlet {
  const instance = constructChainlet(chainlet, constructorArguments(chainlet, injector));
  return serveInstance(chainlet, instance, serving);
}

/**
 * Serves an object as if it were the chainlet: through the chainlet's own schemas.
 *
 * @throws ChainsError `ENDPOINT_MISSING` when it has no `runRemote`.
 */
export function serveInstance(
  chainlet: ChainletDescriptor,
  instance: object,
  serving: Serving,
): BuiltChainlet {
  const endpoint = endpointOf(chainlet, instance);
  return { instance, endpoint, handler: createHandler({ chainlet, endpoint, ...serving }) };
}
