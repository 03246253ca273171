import { type ChainletClass, describeChainlet, endpointContract, remoteConfigOf } from "@truss-chains/core";
import type { ServeConfig } from "@truss-chains/runtime";

/** What the compiler would tell the server of a chainlet. */
export function serveConfigOf(cls: ChainletClass, changes: Partial<ServeConfig> = {}): ServeConfig {
  const chainlet = describeChainlet(cls);
  const { assets, compute, options } = remoteConfigOf(cls);
  return {
    name: chainlet.name,
    displayName: chainlet.displayName,
    port: 0,
    endpoints: { predict: "/predict", readiness: "/ready", liveness: "/live" },
    secrets: [...assets.secretKeys, "baseten_chain_api_key"],
    predictConcurrency: compute.predictConcurrency,
    streamingReadTimeout: options.streamingReadTimeout,
    dataDir: null,
    weights: [],
    modelCache: false,
    workerThreads: options.workerThreads,
    pings: null,
    debugLogs: false,
    contract: endpointContract(chainlet.endpoint),
    ...changes,
  };
}
