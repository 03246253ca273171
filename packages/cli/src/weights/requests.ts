import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import type { WeightsRequest } from "@truss-chains/weights";

/** The weights that something asks for, and the text in which it does. */
export interface NamedWeights {
  readonly requests: readonly WeightsRequest[];
  /** Files in which sources and revisions are written. */
  readonly files: readonly string[];
}

/**
 * What a chain's source, a config.yaml or a truss directory asks for.
 *
 * @throws ChainsError `FILE_NOT_FOUND`; whatever is wrong with it.
 */
export async function readRequests(target: string, entrypoint: string | undefined): Promise<NamedWeights> {
  const path = resolve(target);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw missing(target, path);
  if (found.isDirectory()) return fromConfig(join(path, "config.yaml"));
  return /\.ya?ml$/.test(path) ? fromConfig(path) : fromChain(target, entrypoint);
}

async function fromConfig(file: string): Promise<NamedWeights> {
  const { parseConfig } = await import("@truss-chains/config");
  const text = await readFile(file, "utf8").catch((thrown) => {
    throw missing(file, file, thrown);
  });
  const { config } = parseConfig(text, { file });
  return { requests: [...config.model_cache, ...config.weights], files: [file] };
}

function missing(name: string, file: string, cause?: unknown): ChainsError {
  return new ChainsError("FILE_NOT_FOUND", `There is no ${name}.`, {
    fix: "Name the TypeScript file of a chain, a config.yaml, or the directory of a truss.",
    location: { file },
    cause,
  });
}

async function fromChain(source: string, entrypoint: string | undefined): Promise<NamedWeights> {
  const { assetsConfig } = await import("@truss-chains/compiler");
  const { discoverChain } = await import("@truss-chains/compiler/discover");
  const { graph, modules } = await discoverChain(source, { entrypoint });
  const requests = graph.nodes.flatMap((node) => {
    const { model_cache = [], weights = [] } = assetsConfig(node.remoteConfig.assets);
    return [...(model_cache as WeightsRequest[]), ...(weights as WeightsRequest[])];
  });
  return { requests, files: modules };
}
