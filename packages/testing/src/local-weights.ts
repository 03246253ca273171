import { join } from "node:path";
import type { LazyDataResolver, RequestLog } from "@truss-chains/core";

/** Where volume folders are on the platform; see `CHAINS_WEIGHTS_ROOT`. */
const MODEL_CACHE_ROOT = "/app/model_cache";

/**
 * The resolver of a chainlet on this machine. The engine that fetches is loaded by the first who waits for it: most
 * chains cache nothing.
 */
export function localWeights(log: RequestLog): LazyDataResolver {
  let started: Promise<LazyDataResolver> | undefined;
  const start = async (): Promise<LazyDataResolver> => {
    const { startResolver } = await import("@truss-chains/weights");
    return startResolver({ log });
  };
  return {
    async blockUntilDownloadComplete(options) {
      started ??= start();
      return (await started).blockUntilDownloadComplete(options);
    },
    path: (volumeFolder) => join(process.env.CHAINS_WEIGHTS_ROOT || MODEL_CACHE_ROOT, volumeFolder),
  };
}
