import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuiltChain, buildChain, type DiscoveredChain } from "@truss-chains/compiler";
import { discoverChain } from "@truss-chains/compiler/discover";
import { parseConfig, type TrussConfig } from "@truss-chains/config";
import type { ChainNode } from "@truss-chains/core";
import type { Problem } from "@truss-chains/errors";
import type { PushReporter } from "./events.ts";
import { throwIfInterrupted } from "./interruption.ts";
import type { PushOptions } from "./push-options.ts";
import type { PushSession } from "./push-session.ts";

/** A chainlet that is ready to be checked and packed. */
export interface BuiltChainlet {
  readonly node: ChainNode;
  readonly isEntrypoint: boolean;
  /** Its truss directory. */
  readonly directory: string;
  readonly config: TrussConfig;
  readonly warnings: readonly Problem[];
}

export interface ChainToPush {
  readonly name: string;
  readonly discovered: DiscoveredChain;
  /** The entrypoint first, then dependencies in the order of the graph. */
  readonly chainlets: readonly BuiltChainlet[];
}

/** Discovers and builds the chain into a directory of the push's own. */
export async function buildForPush(
  source: string,
  out: string,
  { entrypoint, name, cwd, signal }: PushOptions,
  report: PushReporter,
  session: PushSession | undefined,
): Promise<ChainToPush> {
  report({ type: "step", step: "build", state: "start" });
  const discover = () => discoverChain(source, { entrypoint, signal, ...(cwd !== undefined && { cwd }) });
  let discovered = await discover();
  while (await session?.follow(discovered)) discovered = await discover();
  const built = await buildChain(discovered, out, {
    onProgress: ({ done, total }) => {
      throwIfInterrupted(signal);
      report({ type: "step", step: "build", state: "progress", done, total });
    },
  });
  const { graph } = discovered;
  const chainlets = await Promise.all(graph.nodes.map((node) => readBuilt(built, node, graph.entrypoint)));
  const count = chainlets.length;
  const chain = { name: name ?? graph.name, discovered, chainlets: chainlets.sort(entrypointFirst) };
  report({
    type: "step",
    step: "build",
    state: "done",
    message: `Built ${count} ${count === 1 ? "chainlet" : "chainlets"} of ${chain.name}`,
  });
  return chain;
}

async function readBuilt(built: BuiltChain, node: ChainNode, entrypoint: string): Promise<BuiltChainlet> {
  const directory = built.trussDirectories[node.name]!;
  const file = join(directory, "config.yaml");
  const { config, warnings } = parseConfig(await readFile(file), { file });
  return { node, isEntrypoint: node.name === entrypoint, directory, config, warnings };
}

function entrypointFirst(left: BuiltChainlet, right: BuiltChainlet): number {
  return Number(right.isEntrypoint) - Number(left.isEntrypoint);
}
