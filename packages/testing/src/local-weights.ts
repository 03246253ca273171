import { join } from "node:path";
import { type ChainletDescriptor, type LazyDataResolver, remoteConfigOf } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { localLog } from "./local-log.ts";

/** Where volume folders are on the platform; see `CHAINS_WEIGHTS_ROOT`. */
const MODEL_CACHE_ROOT = "/app/model_cache";

/**
 * The resolver of a chainlet on this machine: of weights that are there, or that a manifest of this machine names. The
 * engine that fetches is loaded by the first who waits for it: most chains cache nothing.
 */
export function localWeights(
  chainlet: ChainletDescriptor,
  weightsDir = process.env.CHAINS_WEIGHTS_ROOT || undefined,
): LazyDataResolver {
  let started: Promise<LazyDataResolver> | undefined;
  return {
    async blockUntilDownloadComplete(options) {
      started ??= start(chainlet);
      const fetched = await (await started).blockUntilDownloadComplete(options);
      if (fetched === "" && weightsDir === undefined) requireNone(chainlet);
      return weightsDir ?? fetched;
    },
    path: (volumeFolder) => join(weightsDir ?? MODEL_CACHE_ROOT, volumeFolder),
  };
}

async function start({ name }: ChainletDescriptor): Promise<LazyDataResolver> {
  const { startResolver } = await import("@truss-chains/weights");
  return startResolver({ log: localLog(name) });
}

function requireNone({ name, chainletClass }: ChainletDescriptor): void {
  const [repo] = remoteConfigOf(chainletClass).assets.cached;
  if (repo === undefined) return;
  throw new ChainsError(
    "WEIGHTS_NOT_FOUND",
    `The weights of ${name}, ${repo.repoId}, are not on this machine.`,
    {
      fix: "Fetch them with `chains weights pull`, and give that directory as `weightsDir`; or override the chainlet.",
      location: { className: name },
    },
  );
}
