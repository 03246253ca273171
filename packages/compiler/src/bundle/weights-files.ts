import { createRequire } from "node:module";
import type { ChainNode } from "@truss-chains/core";
import { SDK } from "./server-runtime.ts";

/** The file that starts to fetch a chainlet's cached weights: the first import of its server. */
export const WEIGHTS_STARTER = "weights.mjs";

/** The program that fetches, in a thread; it looks for it beside itself. */
export const WEIGHTS_PROGRAM = "truss-transfer-cli.mjs";

export function fetchesWeights(node: ChainNode): boolean {
  return node.usesResolver || node.remoteConfig.assets.cached.length > 0;
}

/** What a server that fetches weights needs beside it: names in the data directory, and the files to copy. */
export function weightsFiles(source: string): Readonly<Record<string, string>> {
  const fromChain = createRequire(source);
  const fromSdk = createRequire(fromChain.resolve(`${SDK}/package.json`));
  return {
    [WEIGHTS_STARTER]: fromChain.resolve(`${SDK}/server-weights`),
    [WEIGHTS_PROGRAM]: fromSdk.resolve("@truss-chains/weights/truss-transfer-cli"),
  };
}
