import { buildChain, discoverChain } from "@truss-chains/compiler";
import { shortPath } from "../output/short-path.ts";
import { startStep } from "../output/step.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import { manifestFinisher } from "../weights/manifest-finisher.ts";

export interface BuildCommandOptions {
  readonly out: string;
  readonly frozen?: boolean;
  /** Whether the weights of model caches are listed now. */
  readonly manifest: boolean;
}

export async function build(
  source: string,
  entrypoint: string | undefined,
  { out, frozen, manifest }: BuildCommandOptions,
  terminal: Terminal,
): Promise<void> {
  if (frozen === true) {
    const { requireFrozen } = await import("../weights/require-frozen.ts");
    await requireFrozen(source, entrypoint, terminal);
  }
  const chain = await discoverChain(source, { entrypoint });
  const total = chain.graph.nodes.length;
  const warnings = new Set<string>();
  const finish = manifestFinisher(chain.source, (message) => warnings.add(message));
  const step = startStep(terminal, `Building ${chain.graph.name}`, total);
  const built = await buildChain(chain, out, {
    onProgress: ({ chainlet, done }) => step.update(`Built ${chainlet}`, done),
    ...(manifest && { finish }),
  }).catch((thrown: unknown) => {
    step.failed();
    throw thrown;
  });
  step.done(`Built ${total} ${total === 1 ? "chainlet" : "chainlets"} of ${chain.graph.name}`);
  for (const warning of warnings) terminal.warn(warning);
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
