import { discoverChain } from "@truss-chains/compiler/discover";
import { shortPath } from "../output/short-path.ts";
import { startStep } from "../output/step.ts";
import { table } from "../output/table.ts";
import type { Terminal } from "../output/terminal.ts";
import { unlessInterrupted, untilInterrupted } from "./until-interrupted.ts";

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
  const signal = untilInterrupted();
  const discovering = discoverChain(source, { entrypoint, signal });
  // What builds is loaded while another process still looks at the source.
  const [chain, { buildChain }, { manifestFinisher }] = await Promise.all([
    discovering.catch((thrown) => unlessInterrupted(signal, STOPPED, thrown)),
    import("@truss-chains/compiler"),
    import("../weights/manifest-finisher.ts"),
  ]);
  const total = chain.graph.nodes.length;
  const warnings = new Set<string>();
  const finish = manifestFinisher(chain.source, (message) => warnings.add(message));
  const stopped = whenAborted(signal);
  const step = startStep(terminal, `Building ${chain.graph.name}`, total);
  const built = await buildChain(chain, out, {
    onProgress: ({ chainlet, done }) => {
      signal.throwIfAborted();
      step.update(`Built ${chainlet}`, done);
    },
    ...(manifest && { finish: (draft) => Promise.race([finish(draft), stopped]) }),
  }).catch((thrown: unknown) => {
    step.failed();
    return unlessInterrupted(signal, STOPPED, thrown);
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

const STOPPED = "The build was stopped; nothing was written.";

// Lists of weights come over the network, and may take their time.
function whenAborted(signal: AbortSignal): Promise<never> {
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  // Whoever waits for something else as well is told.
  stopped.catch(() => {});
  return stopped;
}
