import { buildGraph, exportedChainlets, selectEntrypoint } from "@truss-chains/core";
import type { DiscoveredChain } from "./discovered-chain.ts";
import { originsOf } from "./origins.ts";

/**
 * Describes the chain of an imported source module.
 *
 * @throws ChainsError when the module has no entrypoint, or the chain breaks a rule.
 */
export function describeExports(
  exports: Readonly<Record<string, unknown>>,
  source: string,
  entrypoint: string | undefined,
): Pick<DiscoveredChain, "graph" | "origins"> {
  const cls = selectEntrypoint(exports, source, entrypoint);
  const graph = buildGraph(cls, exportedChainlets(exports));
  return { graph, origins: originsOf(cls, graph) };
}
