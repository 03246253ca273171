import type { ChainGraph, ChainNode } from "@truss-chains/core";

/**
 * What a chainlet's config says of its direct dependencies, under `model_metadata.chains_metadata`: the static half of
 * finding them. The platform mounts the other half, their addresses, keyed by display name.
 */
export function chainsMetadata(node: ChainNode, graph: ChainGraph): Record<string, unknown> {
  const services = node.dependencies.map(({ target, options }) => {
    const { displayName } = graph.nodes.find((candidate) => candidate.name === target)!;
    return [
      target,
      {
        name: target,
        display_name: displayName,
        options: {
          retries: options.retries,
          timeout_sec: options.timeoutSec,
          use_binary: options.useBinary,
          concurrency_limit: options.concurrencyLimit,
        },
      },
    ];
  });
  return { chainlet_to_service: Object.fromEntries(services) };
}
