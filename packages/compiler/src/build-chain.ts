import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import { ChainsError, type Problem } from "@truss-chains/errors";
import pMap from "p-map";
import { ServerBundler } from "./bundle/server-bundler.ts";
import type { DiscoveredChain } from "./discover/discovered-chain.ts";
import { CHAIN_MANIFEST, type ChainManifest, chainManifest } from "./emit/chain-manifest.ts";
import { checkFiles } from "./emit/check-files.ts";
import { dataDirectory } from "./emit/data-files.ts";
import { emitCodeTruss, emitForeignTruss, trussDirectory } from "./emit/emit-truss.ts";
import { checkOutputDirectory } from "./emit/output-directory.ts";
import type { OutputFile } from "./emit/output-tree.ts";
import { writeOutput } from "./emit/write-output.ts";
import type { InstalledPackage } from "./packages/installed-package.ts";

// Half of a bundle's time is spent in threads of the bundler, the other half in this one.
const BUNDLES_PER_CORE = 2;

/** What a build made. */
export interface BuiltChain {
  /** Absolute path of the output directory, which holds `chain.json`. */
  readonly directory: string;
  readonly manifest: ChainManifest;
  /** Absolute path of each chainlet's truss directory, by class name. */
  readonly trussDirectories: Readonly<Record<string, string>>;
  /** Where the packages are installed that a server imports and that the image installs: by class name, then by name. */
  readonly packageDirectories: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** One step forward, for progress bars. */
export interface BuildProgress {
  readonly chainlet: string;
  readonly done: number;
  readonly total: number;
}

/** A truss directory as it is about to be written. */
export interface TrussDraft {
  readonly chainlet: string;
  /** The text of its config.yaml. */
  readonly config: string;
}

export interface BuildOptions {
  readonly onProgress?: (progress: BuildProgress) => void;
  /**
   * Adds files to a truss directory, or replaces some: texts by path. For what the compiler knows nothing about, such
   * as manifests of weights. When it fails, the build does.
   */
  readonly finish?: (draft: TrussDraft) => Promise<Readonly<Record<string, string>>>;
}

/**
 * Builds a truss directory for each chainlet of a chain, named after its class, and `chain.json`. The same source gives
 * the same bytes. A build that fails leaves the previous output untouched.
 *
 * @throws ChainsError when the source cannot be bundled, or the output directory cannot be replaced.
 */
export async function buildChain(
  chain: DiscoveredChain,
  out: string,
  { onProgress = () => {}, finish }: BuildOptions = {},
): Promise<BuiltChain> {
  const directory = await checkOutputDirectory(out, sourcesOf(chain), copiedBy(chain));
  throwAny(await checkFiles(chain));
  const { nodes } = chain.graph;
  const servers = new ServerBundler(chain);
  let done = 0;
  const trusses = await pMap(
    nodes,
    async (node) => {
      const truss = await emitTruss(chain, node, servers);
      const more = finish ? await finished(node, truss.files, finish) : {};
      done += 1;
      onProgress({ chainlet: node.name, done, total: nodes.length });
      return { ...truss, files: { ...truss.files, ...more } };
    },
    { concurrency: BUNDLES_PER_CORE * availableParallelism() },
  );
  const manifest = chainManifest(chain.graph);
  const tree = new Map<string, OutputFile>([
    [CHAIN_MANIFEST, { text: `${JSON.stringify(manifest, null, 2)}\n` }],
  ]);
  nodes.forEach((node, index) => {
    for (const [path, file] of Object.entries(trusses[index]!.files)) tree.set(`${node.name}/${path}`, file);
  });
  await writeOutput(directory, tree);
  const trussDirectories = Object.fromEntries(nodes.map(({ name }) => [name, join(directory, name)]));
  const packageDirectories = Object.fromEntries(
    nodes.map(({ name }, index) => [name, directoriesOf(trusses[index]!.packages)]),
  );
  return { directory, manifest, trussDirectories, packageDirectories };
}

function directoriesOf(packages: ReadonlyMap<string, InstalledPackage>): Record<string, string> {
  return Object.fromEntries([...packages].map(([name, { directory }]) => [name, directory]));
}

function throwAny(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first) throw ChainsError.fromProblems(first.code, "The chain cannot be built:", problems);
}

interface EmittedTruss {
  readonly files: Readonly<Record<string, OutputFile>>;
  readonly packages: ReadonlyMap<string, InstalledPackage>;
}

async function emitTruss(
  chain: DiscoveredChain,
  node: ChainNode,
  servers: ServerBundler,
): Promise<EmittedTruss> {
  if (node.foreign) return { files: await emitForeignTruss(chain, node, node.foreign), packages: new Map() };
  const bundle = await servers.bundle(node);
  return { files: await emitCodeTruss(chain, node, bundle), packages: bundle.packages };
}

async function finished(
  { name }: ChainNode,
  { "config.yaml": config }: Readonly<Record<string, OutputFile>>,
  finish: NonNullable<BuildOptions["finish"]>,
): Promise<Record<string, OutputFile>> {
  if (config === undefined || !("text" in config)) return {};
  const texts = await finish({ chainlet: name, config: config.text });
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, { text }]));
}

function sourcesOf({ source, modules }: DiscoveredChain): string[] {
  return [source, dirname(source), ...modules];
}

function copiedBy(chain: DiscoveredChain): string[] {
  const directories = chain.graph.nodes.flatMap((node) => [
    dataDirectory(chain, node),
    node.foreign?.kind === "truss" ? trussDirectory(chain, node, node.foreign) : undefined,
  ]);
  return directories.filter((path) => path !== undefined);
}
