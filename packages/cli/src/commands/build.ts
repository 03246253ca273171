import { buildChain, discoverChain } from "@truss-chains/compiler";
import { shortPath } from "../output/short-path.ts";
import { startStep } from "../output/step.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";

export async function build(
  source: string,
  entrypoint: string | undefined,
  { out, frozen }: { readonly out: string; readonly frozen?: boolean },
  terminal: Terminal,
): Promise<void> {
  if (frozen === true) {
    const { requireFrozen } = await import("../weights/require-frozen.ts");
    await requireFrozen(source, entrypoint, terminal);
  }
  const chain = await discoverChain(source, { entrypoint });
  const total = chain.graph.nodes.length;
  const step = startStep(terminal, `Building ${chain.graph.name}`, total);
  const built = await buildChain(chain, out, ({ chainlet, done }) =>
    step.update(`Built ${chainlet}`, done),
  ).catch((thrown: unknown) => {
    step.failed();
    throw thrown;
  });
  step.done(`Built ${total} ${total === 1 ? "chainlet" : "chainlets"} of ${chain.graph.name}`);
  if (terminal.json) {
    terminal.writeJson({
      directory: built.directory,
      trusses: built.trussDirectories,
      chain: built.manifest,
    });
    return;
  }
  const rows = built.manifest.chainlets.map((chainlet) => [
    chainlet.is_entrypoint ? `${chainlet.name} (entrypoint)` : chainlet.name,
    chainlet.kind,
    shortPath(built.trussDirectories[chainlet.name]!),
  ]);
  terminal.result(table(["chainlet", "kind", "truss directory"], rows, terminal));
}
