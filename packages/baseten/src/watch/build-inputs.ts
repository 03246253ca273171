import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DEFAULT_IGNORES, type DiscoveredChain, dataDirectory, trussDirectory } from "@truss-chains/compiler";
import { ignorePatterns } from "../archive/ignore-patterns.ts";
import { NOT_SOURCE } from "../push/pack-chain.ts";

/** A directory whose files count, but for those that patterns of git-ignore name. */
export interface WatchedTree {
  readonly directory: string;
  readonly ignored: readonly string[];
}

/** What a push reads of the person's files. */
export interface BuildInputs {
  readonly trees: readonly WatchedTree[];
  readonly files: readonly string[];
}

// Which packages are installed, and how sources are to be read: the nearest of each, upwards.
const PROJECT_FILES = [
  "package.json",
  "package-lock.json",
  "node_modules/.package-lock.json",
  "tsconfig.json",
];

/** The inputs of a chain: its directory, its modules, data, trusses, and what says which packages they use. */
export async function buildInputs(chain: DiscoveredChain): Promise<BuildInputs> {
  const root = dirname(chain.source);
  const directories = chain.graph.nodes.flatMap((node): WatchedTree[] => {
    const data = dataDirectory(chain, node);
    const truss = node.foreign?.kind === "truss" ? trussDirectory(chain, node, node.foreign) : undefined;
    return [
      ...(data === undefined ? [] : [{ directory: data, ignored: [] }]),
      ...(truss === undefined ? [] : [{ directory: truss, ignored: DEFAULT_IGNORES }]),
    ];
  });
  const projectFiles = await Promise.all(PROJECT_FILES.map((name) => nearest(root, name)));
  return {
    trees: [await sourceTree(root), ...directories],
    files: [...chain.modules, ...projectFiles.filter((file) => file !== undefined)],
  };
}

/** The directory of the source, which is deployed with the chain, as far as it is. */
export async function sourceTree(directory: string): Promise<WatchedTree> {
  return { directory, ignored: [...(await ignorePatterns(directory)), ...NOT_SOURCE] };
}

async function nearest(from: string, name: string): Promise<string | undefined> {
  for (let at = from; ; at = dirname(at)) {
    const file = join(at, name);
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
    if (dirname(at) === at) return undefined;
  }
}
