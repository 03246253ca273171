import { stat } from "node:fs/promises";
import { type DiscoveredChain, dataFiles } from "@truss-chains/compiler";
import type { ChainNode } from "@truss-chains/core";

/** Names, sizes and times of a chainlet's data files, as a text that differs when one of them does. */
export async function dataState(chain: DiscoveredChain, node: ChainNode): Promise<string> {
  const files = Object.entries(await dataFiles(chain, node));
  const states = files.map(async ([name, file]) => {
    if (!("copyOf" in file)) return [name];
    const { size, mtimeMs } = await stat(file.copyOf);
    return [name, size, mtimeMs];
  });
  return JSON.stringify(await Promise.all(states));
}
