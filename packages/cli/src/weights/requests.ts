import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { WeightsRequest } from "@truss-chains/weights";

/** The weights that something asks for, and the text in which it does. */
export interface NamedWeights {
  readonly requests: readonly WeightsRequest[];
  /** Files in which sources and revisions are written. */
  readonly files: readonly string[];
}

/** What a chain's source, a config.yaml or a truss directory asks for. */
export async function readRequests(target: string, entrypoint: string | undefined): Promise<NamedWeights> {
  const path = resolve(target);
  const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const isConfig = isDirectory || /\.ya?ml$/.test(path);
  return isConfig
    ? fromConfig(isDirectory ? join(path, "config.yaml") : path)
    : fromChain(target, entrypoint);
}

async function fromConfig(file: string): Promise<NamedWeights> {
  const { parseConfig } = await import("@truss-chains/config");
  const { config } = parseConfig(await readFile(file, "utf8"), { file });
  return { requests: [...config.model_cache, ...config.weights], files: [file] };
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
