import { mkdir, readlink, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { assetsConfig } from "@truss-chains/compiler";
import type { PlainRemoteConfig } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import {
  mountDirectory,
  type ProvideOptions,
  readLockfile,
  renderManifest,
  STATIC_MANIFEST_PATH,
  storeDirectory,
  type WeightsRequest,
  WeightsStore,
} from "@truss-chains/weights";

/** What of a chainlet decides its weights. */
export interface WeightsOwner {
  readonly name: string;
  readonly assets: PlainRemoteConfig["assets"];
}

/** The weights of chainlets on this machine: fetched into the user's store, linked to where they are looked for. */
export class LocalWeights {
  readonly #store: WeightsStore;

  private constructor(store: WeightsStore) {
    this.#store = store;
  }

  /** @param source the chain's; what the lockfile beside it records is not looked up. */
  static async open(source: string): Promise<LocalWeights> {
    const lockfile = await readLockfile(join(dirname(source), "chains.lock"));
    const { env } = process;
    return new LocalWeights(new WeightsStore({ directory: storeDirectory(env), env, lockfile }));
  }

  /**
   * Fetches what is not here yet, and links it below `root`: volume folders and mount locations.
   *
   * @throws ChainsError why it cannot be had, or that two chainlets want different weights in one place.
   */
  async provide(chainlet: WeightsOwner, root: string, options: ProvideOptions): Promise<void> {
    const { requests, places } = weightsOf(chainlet);
    const stored = await this.#store.provide(requests, options).catch((thrown: unknown) => {
      throw explain(thrown);
    });
    for (const [index, place] of places.entries()) await link(root, place, stored[index]!, chainlet);
  }
}

/**
 * Writes a manifest of nothing: all is there already, but to a resolver without a manifest the chainlet would have no
 * weights.
 *
 * @param root stands in for the file system's root
 */
export async function writeEmptyManifest(root: string): Promise<void> {
  const manifest = join(root, STATIC_MANIFEST_PATH);
  await mkdir(dirname(manifest), { recursive: true });
  await writeFile(manifest, renderManifest({ pointers: [], models: null }));
}

function weightsOf({ name, assets }: WeightsOwner) {
  // What is baked into the image has no place of its own.
  const cached = assets.cached.filter((repo) => repo.useVolume);
  const { model_cache = [], weights = [] } = assetsConfig({ ...assets, cached });
  const requests = [...(model_cache as WeightsRequest[]), ...(weights as WeightsRequest[])];
  const locations = [
    ...cached.map(({ volumeFolder }) => `/${volumeFolder}`),
    ...assets.weights.map(({ mountLocation }) => mountLocation),
  ];
  const places = locations.map((location) => relative("/", mountDirectory("/", location)));
  for (const place of places) {
    const outer = places.find((other) => place.startsWith(`${other}/`));
    if (outer !== undefined) throw clash(name, `has weights at ${place}, inside of ${outer}`);
  }
  return { requests, places };
}

async function link(root: string, place: string, target: string, { name }: WeightsOwner): Promise<void> {
  const path = join(root, place);
  await mkdir(dirname(path), { recursive: true });
  if ((await readlink(path).catch(() => undefined)) === target) return;
  await symlink(target, path, "dir").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== "EEXIST") throw thrown;
    throw clash(name, `wants weights at ${place}, where another chainlet has others`);
  });
}

function clash(name: string, what: string): ChainsError {
  return new ChainsError("WEIGHTS_UNSAFE_PATH", `${name} ${what}.`, {
    fix: "Give each its own place.",
    location: { className: name },
  });
}

/** Says where secrets are on a developer's machine. */
function explain(thrown: unknown): unknown {
  const isAboutSecrets =
    thrown instanceof ChainsError && ["SOURCE_DENIED", "WEIGHTS_CREDENTIALS_INVALID"].includes(thrown.code);
  if (!isAboutSecrets) return thrown;
  const { code, message, fix = "", data } = thrown;
  return new ChainsError(code, message, {
    fix: `${fix} Here secrets come from the environment and .env; the chainlet must name them in assets.secretKeys.`.trim(),
    data,
    cause: thrown,
  });
}
