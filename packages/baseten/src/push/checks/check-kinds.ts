import type { Problem } from "@truss-chains/errors";
import type { BuiltChainlet } from "../built-chain.ts";

/** Chainlets that cannot be part of a development deployment. */
export function checkKinds(chainlets: readonly BuiltChainlet[], isDraft: boolean): Problem[] {
  if (!isDraft) return [];
  return chainlets
    .filter(({ node, config }) => node.kind === "engine_builder" || config.trt_llm !== null)
    .map(({ node }) => ({
      code: "PUSH_IMPOSSIBLE" as const,
      severity: "error" as const,
      message: `${node.name} is a TensorRT-LLM engine, which no development deployment can have.`,
      fix: "Push without watch and draft.",
      location: node.location,
    }));
}
