import { RPCOptions, type RPCOptionsInit } from "../options/rpc-options.ts";
import type { DeploymentContext } from "../types/deployment-context.ts";
import type { InjectDecorator } from "../types/endpoint-check.ts";
import type { LazyDataResolver } from "../types/lazy-data-resolver.ts";
import type { Remote } from "../types/remote.ts";
import type { ChainletClass, ChainletWithEndpoint } from "./chainlet-class.ts";
import { ensureMetadata, type Injection, type MisplacedDecorator, misplace } from "./metadata.ts";

/**
 * Injects a stub that calls another chainlet. The parameter's type is `Remote<ThatChainlet>`.
 *
 * @throws ChainsError `CHAINLET_OPTIONS_INVALID` when an option is out of range.
 */
export function depends<C extends ChainletWithEndpoint>(
  target: ChainletClass<C>,
  options: RPCOptionsInit = {},
): InjectDecorator<Remote<C>> {
  const resolved = options instanceof RPCOptions ? options : new RPCOptions(options);
  return inject("depends", { kind: "dependency", target, options: resolved });
}

/** Injects the `DeploymentContext`. */
export function context(): InjectDecorator<DeploymentContext> {
  return inject("context", { kind: "context" });
}

/** Injects the resolver of the weights in `assets.cached`. */
export function resolver(): InjectDecorator<LazyDataResolver> {
  return inject("resolver", { kind: "resolver" });
}

function inject<Value>(
  decorator: MisplacedDecorator["decorator"],
  injection: Injection,
): InjectDecorator<Value> {
  return (target: object, key: string | symbol | undefined, index: unknown) => {
    if (key !== undefined || typeof index !== "number") return misplace(decorator, target, key, index);
    const { injections } = ensureMetadata(target);
    injections.set(index, [...(injections.get(index) ?? []), injection]);
  };
}
