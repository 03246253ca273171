import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { editConfig, parseConfigObject, renderConfig } from "@truss-chains/config";
import type { ChainNode, ForeignNode } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { ChainletBundle } from "../bundle/bundle-chainlet.ts";
import { runtimeFiles } from "../bundle/server-runtime.ts";
import { fetchesWeights, weightsFiles } from "../bundle/weights-files.ts";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import { planInstall } from "../packages/install-files.ts";
import { dataFiles } from "./data-files.ts";
import { DEFAULT_IGNORES } from "./default-ignores.ts";
import { listTree } from "./list-tree.ts";
import type { OutputFile } from "./output-tree.ts";
import { codeConfig, dockerServerConfig, engineBuilderConfig } from "./truss-config.ts";

type Files = Record<string, OutputFile>;

/** The files of a code chainlet's truss directory. */
export async function emitCodeTruss(
  chain: DiscoveredChain,
  node: ChainNode,
  bundle: ChainletBundle,
): Promise<Files> {
  const install = await planInstall(node, bundle.packages, chain.source);
  const config = codeConfig(node, chain.graph, install.commands);
  const installFiles = Object.entries(install.files).map(([name, text]) => [`data/${name}`, { text }]);
  return {
    "config.yaml": { text: configText(config) },
    ...(await dataFiles(chain, node)),
    "data/server.mjs": { text: bundle.code },
    "data/server.mjs.map": { text: bundle.map },
    ...copies(runtimeFiles(chain.source)),
    ...(fetchesWeights(node) && copies(weightsFiles(chain.source))),
    ...Object.fromEntries(installFiles),
  };
}

function copies(files: Readonly<Record<string, string>>): Files {
  return Object.fromEntries(Object.entries(files).map(([name, from]) => [`data/${name}`, { copyOf: from }]));
}

/** The files of a chainlet whose code we do not have. */
export async function emitForeignTruss(
  chain: DiscoveredChain,
  node: ChainNode,
  foreign: ForeignNode,
): Promise<Files> {
  if (foreign.kind === "truss") return copyTruss(node, trussDirectory(chain, node, foreign));
  const config =
    foreign.kind === "docker_server" ? dockerServerConfig(node, foreign) : engineBuilderConfig(node, foreign);
  return { "config.yaml": { text: configText(config) }, ...(await dataFiles(chain, node)) };
}

/** The directory of an existing truss; relative ones are relative to the file that declares the chainlet. */
export function trussDirectory(
  chain: DiscoveredChain,
  node: ChainNode,
  { trussDir }: Extract<ForeignNode, { kind: "truss" }>,
): string {
  return resolve(dirname(node.location.file ?? chain.source), trussDir);
}

// Parsed before it is rendered: what we emit has passed the same rules as a config that a person wrote.
function configText(config: Record<string, unknown>): string {
  return renderConfig(parseConfigObject(config).config, { schemaComment: true });
}

async function copyTruss(node: ChainNode, directory: string): Promise<Files> {
  const { file, content } = await trussConfig(node, directory);
  const files = await listTree(directory, DEFAULT_IGNORES);
  const copies = files.map((path) => [path, { copyOf: join(directory, path) }]);
  // Spliced into the text: the comments that its authors wrote go along.
  const named = editConfig(content, [{ path: ["model_name"], value: node.displayName }], { file });
  return { ...Object.fromEntries(copies), "config.yaml": { text: named } };
}

/** @throws ChainsError `TRUSS_DIR_INVALID` when a directory is no truss, `FILE_NOT_READABLE`. */
export async function trussConfig(
  node: ChainNode,
  directory: string,
): Promise<{ readonly file: string; readonly content: Uint8Array }> {
  const file = join(directory, "config.yaml");
  const content = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT" && cause.code !== "ENOTDIR") {
      throw new ChainsError("FILE_NOT_READABLE", `${file} cannot be read: ${cause.code}.`, {
        fix: "Make it a file that you may read.",
        location: node.location,
        cause,
      });
    }
    throw new ChainsError("TRUSS_DIR_INVALID", `${directory} holds no config.yaml, so it is not a truss.`, {
      fix: `Correct trussDir of ${node.name}; it is relative to the file that declares the chainlet.`,
      location: node.location,
    });
  });
  return { file, content };
}
