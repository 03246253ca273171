import { type ChainletClass, type DeploymentContext, describeChainlet } from "@truss-chains/core";
import { localContext } from "./local-context.ts";
import type { RunLocalOptions } from "./run-local.ts";

/**
 * The `DeploymentContext` that `runLocal` would inject into a chainlet, for a unit test that constructs the chainlet
 * by itself: `new Rerank(fakeContext(Rerank, { secrets: { token: "…" } }))`. It has the secrets that the class names and
 * no others, its `dataDir`, and its mounted weights below `weightsDir`.
 */
export function fakeContext(
  chainlet: ChainletClass,
  options: Pick<RunLocalOptions, "secrets" | "dataDir" | "weightsDir" | "services"> = {},
): DeploymentContext {
  return localContext(describeChainlet(chainlet), options);
}
