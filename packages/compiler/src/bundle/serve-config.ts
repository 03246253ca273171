import type { ChainNode } from "@truss-chains/core";
import type { ServeConfig } from "@truss-chains/runtime";
import { API_KEY_SECRET, SERVER } from "../emit/server-layout.ts";

/** What a server is told of its chainlet. */
export function serveConfig(node: ChainNode): ServeConfig {
  const { compute, assets, options, dockerImage } = node.remoteConfig;
  const hasData = dockerImage.dataDir !== undefined || assets.externalData.length > 0;
  const { pingIntervalSeconds, pingTimeoutSeconds } = options.transport ?? {};
  const hasPings = pingIntervalSeconds !== undefined || pingTimeoutSeconds !== undefined;
  return {
    name: node.name,
    displayName: node.displayName,
    port: SERVER.port,
    endpoints: SERVER.endpoints,
    secrets: [...new Set([...assets.secretKeys, API_KEY_SECRET])],
    predictConcurrency: compute.predictConcurrency,
    streamingReadTimeout: options.streamingReadTimeout,
    dataDir: hasData ? "data" : null,
    weights: assets.weights.map((source) => source.mountLocation),
    modelCache: assets.cached.length > 0,
    workerThreads: options.workerThreads,
    pings: hasPings
      ? { intervalSeconds: pingIntervalSeconds ?? null, timeoutSeconds: pingTimeoutSeconds ?? null }
      : null,
    debugLogs: options.enableDebugLogs,
    contract: { hash: node.contract, schemas: node.endpoint },
  };
}
