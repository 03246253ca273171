import type { ChainGraph } from "@truss-chains/core";

/** `chain.json`: what a build holds. Directories are relative to the file. */
export interface ChainManifest {
  readonly name: string;
  readonly entrypoint: string;
  /** Dependencies before their dependants. */
  readonly chainlets: readonly {
    readonly name: string;
    readonly display_name: string;
    readonly kind: string;
    readonly is_entrypoint: boolean;
    readonly directory: string;
    readonly contract: string;
    readonly endpoint: ChainGraph["nodes"][number]["endpoint"];
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly options: {
      readonly retries: number;
      readonly timeout_sec: number;
      readonly use_binary: boolean;
      readonly concurrency_limit: number;
    };
  }[];
}

export const CHAIN_MANIFEST = "chain.json";

export function chainManifest(graph: ChainGraph): ChainManifest {
  return {
    name: graph.name,
    entrypoint: graph.entrypoint,
    chainlets: graph.nodes.map((node) => ({
      name: node.name,
      display_name: node.displayName,
      kind: node.kind,
      is_entrypoint: node.name === graph.entrypoint,
      directory: node.name,
      contract: node.contract,
      endpoint: node.endpoint,
    })),
    edges: graph.nodes.flatMap((node) =>
      node.dependencies.map(({ target, options }) => ({
        from: node.name,
        to: target,
        options: {
          retries: options.retries,
          timeout_sec: options.timeoutSec,
          use_binary: options.useBinary,
          concurrency_limit: options.concurrencyLimit,
        },
      })),
    ),
  };
}
