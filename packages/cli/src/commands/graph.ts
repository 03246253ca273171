import { discoverChain } from "@truss-chains/compiler/discover";
import { type GraphFormat, renderGraph } from "../output/render-graph.ts";
import type { Terminal } from "../output/terminal.ts";

export async function graph(
  source: string,
  entrypoint: string | undefined,
  { format }: { readonly format: GraphFormat | "json" },
  terminal: Terminal,
): Promise<void> {
  const chain = await discoverChain(source, { entrypoint });
  if (terminal.json || format === "json") terminal.writeJson(chain.graph);
  else terminal.result(renderGraph(chain.graph, format, terminal));
}
