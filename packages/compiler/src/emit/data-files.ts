import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import { ChainsError, type Location } from "@truss-chains/errors";
import ignore from "ignore";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import { DEFAULT_IGNORES } from "./default-ignores.ts";
import { listLinked } from "./list-linked.ts";
import type { OutputFile } from "./output-tree.ts";
import { RESERVED_DATA_FILES } from "./server-layout.ts";

/** The directory of a chainlet's own data files, or undefined when it has none. */
export function dataDirectory(chain: DiscoveredChain, node: ChainNode): string | undefined {
  const { dataDir } = node.remoteConfig.dockerImage;
  return dataDir === undefined ? undefined : resolve(dirname(node.location.file ?? chain.source), dataDir);
}

/**
 * The files of a chainlet's data directory, as they go into its truss. What a link leads to is copied in its place.
 *
 * @throws ChainsError `FILE_NOT_FOUND` or `OUTPUT_INVALID`.
 */
export async function dataFiles(
  chain: DiscoveredChain,
  node: ChainNode,
): Promise<Record<string, OutputFile>> {
  const directory = dataDirectory(chain, node);
  if (directory === undefined) return {};
  const location = { ...node.location, path: ["dockerImage", "dataDir"] };
  await assertDirectory(directory, node, location);
  const paths = await listLinked(directory, `The data directory of ${node.name}`, location);
  const taken = paths.find((path) => RESERVED_DATA_FILES.includes(path.split("/")[0]!));
  if (taken !== undefined && node.kind === "code") {
    throw new ChainsError(
      "OUTPUT_INVALID",
      `The data directory of ${node.name} holds ${taken}, a name that the build needs.`,
      { fix: "Rename it, or move it into a folder.", location },
    );
  }
  const copies = paths.map((path) => [`data/${path}`, { copyOf: join(directory, path) }]);
  return { ...Object.fromEntries(copies), ...reincluding(paths) };
}

async function assertDirectory(directory: string, node: ChainNode, location: Location): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new ChainsError(
    "FILE_NOT_FOUND",
    `The data directory of ${node.name}, ${directory}, ${found ? "is a file" : "does not exist"}.`,
    { fix: "Correct dockerImage.dataDir; it is relative to the file that declares the chainlet.", location },
  );
}

// The platform drops directories with names like lib or build from every truss, unless a truss says otherwise.
function reincluding(paths: readonly string[]): Record<string, OutputFile> {
  const dropped = ignore().add([...DEFAULT_IGNORES]);
  const patterns = paths.filter((path) => dropped.ignores(path)).flatMap(patternsFor);
  if (patterns.length === 0) return {};
  return { ".truss_ignore": { text: `${[...new Set(patterns)].sort().join("\n")}\n` } };
}

// Nothing below a directory that is dropped can be included again, so that its directories are named first.
function patternsFor(path: string): string[] {
  const parts = path.split("/").map(literally);
  return parts.map((_, index) => {
    const isDirectory = index < parts.length - 1;
    return `!data/${parts.slice(0, index + 1).join("/")}${isDirectory ? "/" : ""}`;
  });
}

/** A name as a git-ignore pattern that matches nothing else. */
function literally(name: string): string {
  return name.replace(/[\\*?[\]]/g, "\\$&").replace(/ $/, "\\ ");
}
