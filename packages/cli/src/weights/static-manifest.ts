import { dirname, join, resolve } from "node:path";
import type { TrussDraft } from "@truss-chains/compiler";
import { editConfig, parseConfig } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";
import {
  type ModelCacheEntry,
  type ResolvedModelCache,
  readLockfile,
  readSettings,
  renderManifest,
  resolveModelCache,
  STATIC_MANIFEST_PATH,
  sourceContext,
} from "@truss-chains/weights";

// Below a truss directory as it is in the image, so that the directory can stand in for the image's root.
const FILE = STATIC_MANIFEST_PATH.slice(1);

/**
 * Finishes truss directories whose config has a v2 model cache: lists what it names, writes the static manifest, and
 * pins the revisions in config.yaml, so that the platform's own listing finds the same commits. What `chains.lock`
 * records is not asked for.
 *
 * @param source the chain's; its lockfile is beside it
 */
export async function listModelCaches(
  source: string,
  warn: (message: string) => void,
): Promise<(draft: TrussDraft) => Promise<Record<string, string>>> {
  const lockfile = await readLockfile(join(dirname(resolve(source)), "chains.lock"));
  const context = sourceContext(readSettings(process.env), process.env, warn);
  const listed = new Map<string, Promise<ResolvedModelCache>>();
  const list = (entries: readonly ModelCacheEntry[]): Promise<ResolvedModelCache> => {
    const key = JSON.stringify(entries);
    const known = listed.get(key) ?? resolveModelCache(entries, { context, lockfile });
    listed.set(key, known);
    return known;
  };
  return async ({ chainlet, config: text }) => {
    const { model_cache: entries } = parseConfig(text).config;
    if (!entries.some((entry) => entry.use_volume)) return {};
    const { manifest, commits } = await list(entries).catch((thrown: unknown) => {
      throw explain(thrown, chainlet);
    });
    const pins = commits.flatMap((commit, index) =>
      commit === null || commit === entries[index]!.revision
        ? []
        : [{ path: ["model_cache", index, "revision"], value: commit }],
    );
    return {
      [FILE]: renderManifest(manifest),
      ...(pins.length > 0 && { "config.yaml": editConfig(text, pins) }),
    };
  };
}

/** Says whose weights they are, and that the platform can list what this machine may not. */
function explain(thrown: unknown, chainlet: string): unknown {
  if (!(thrown instanceof ChainsError)) return thrown;
  const { code, message, fix = "", location, problems, data } = thrown;
  return new ChainsError(code, `The weights of ${chainlet} cannot be listed: ${message}`, {
    fix: `${fix} Or build with --no-manifest: the platform lists them when it builds the image.`.trim(),
    location: location ?? { className: chainlet },
    problems,
    data,
    cause: thrown,
  });
}
