import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createLockfile, type Lockfile, renderLockfile } from "../lock/lockfile.ts";
import { readLockfile } from "../lock/read-lockfile.ts";
import { toPointer } from "../manifest/create.ts";
import { DEFAULT_SECRET_NAME } from "../manifest/pointer.ts";
import type { WeightsRequest } from "../plan/demand.ts";
import { type PlannedSource, planWeights } from "../plan/plan.ts";
import { runTransfer, sourceContext } from "../run/run.ts";
import { readSettings } from "../settings.ts";
import { sourceLabel } from "../sources/reference.ts";
import type { OnTransferEvent } from "../transfer/events.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface WeightsStoreOptions {
  /** Holds a directory for each source; made when it is needed. */
  readonly directory: string;
  readonly env: Env;
  /** What it records is taken from it, without asking the source. */
  readonly lockfile?: Lockfile | undefined;
}

export interface ProvideOptions {
  /** One file per secret, for sources that want credentials. */
  readonly secretsDir: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: OnTransferEvent;
}

/**
 * Weights on a developer's machine: every source, at every commit, is fetched once and kept in a directory of its own,
 * whoever asks for it. Branches are looked up once in the lifetime of a store.
 */
export class WeightsStore {
  readonly #options: WeightsStoreOptions;
  readonly #listed = new Map<string, Promise<PlannedSource>>();

  constructor(options: WeightsStoreOptions) {
    this.#options = options;
  }

  /**
   * Fetches what is not here yet, verified.
   *
   * @returns the directory of each request, in their order
   * @throws ChainsError why a source cannot be listed or fetched; what was fetched is kept and continued
   */
  async provide(requests: readonly WeightsRequest[], options: ProvideOptions): Promise<string[]> {
    const directories: string[] = [];
    for (const request of requests)
      directories.push(await this.#fetch(await this.#list(request, options), options));
    return directories;
  }

  async #list(request: WeightsRequest, options: ProvideOptions): Promise<PlannedSource> {
    const key = JSON.stringify(request);
    const listed = this.#listed.get(key) ?? this.#listNow(request, options);
    this.#listed.set(key, listed);
    try {
      return await listed;
    } catch (error) {
      this.#listed.delete(key);
      throw error;
    }
  }

  async #listNow(request: WeightsRequest, options: ProvideOptions): Promise<PlannedSource> {
    const { directory, lockfile } = this.#options;
    const warn = (message: string) => options.onEvent?.({ type: "warning", message });
    const source = await this.#plan(request, lockfile, options);
    const memory = join(directory, `${digest(request)}.lock`);
    if (source.error === null) {
      await remember(directory, memory, source).catch((error: NodeJS.ErrnoException) =>
        warn(
          `The files of ${source.source} cannot be noted in ${directory} for the next time (${error.code}).`,
        ),
      );
      return source;
    }
    const remembered =
      source.error.code === "SOURCE_UNREACHABLE" ? await this.#recall(request, memory, options) : undefined;
    if (remembered === undefined) throw source.error;
    warn(`${source.error.message} The files that it had the last time are used.`);
    return remembered;
  }

  /** What the source had the last time; `undefined` when that is not known any more. */
  async #recall(
    request: WeightsRequest,
    memory: string,
    options: ProvideOptions,
  ): Promise<PlannedSource | undefined> {
    const lockfile = await readLockfile(memory).catch(() => undefined);
    if (lockfile === undefined) return undefined;
    const source = await this.#plan(request, lockfile, options);
    return source.error === null ? source : undefined;
  }

  async #plan(
    request: WeightsRequest,
    lockfile: Lockfile | undefined,
    { secretsDir, signal, onEvent }: ProvideOptions,
  ): Promise<PlannedSource> {
    const { env, directory: dir } = this.#options;
    const context = sourceContext({ secretsDir }, env, () => {});
    const plan = await planWeights([request], { context, dir, lockfile, ...(signal && { signal }) });
    for (const message of plan.warnings) onEvent?.({ type: "warning", message });
    return plan.sources[0]!;
  }

  async #fetch(source: PlannedSource, { secretsDir, signal, onEvent }: ProvideOptions): Promise<string> {
    const { directory, env } = this.#options;
    const target = join(directory, directoryName(source));
    const secretName = source.demand.secretName ?? DEFAULT_SECRET_NAME;
    const pointers = source.files.map((file) => toPointer(file, file.path, secretName));
    await runTransfer({
      settings: {
        ...readSettings(env),
        secretsDir,
        downloadDir: target,
        weightsRoot: target,
        statsFile: join(directory, "stats.json"),
      },
      env,
      manifests: [{ pointers, models: null }],
      ...(signal && { signal }),
      ...(onEvent && { onEvent }),
    });
    return target;
  }
}

/** Where stores are unless told otherwise: `CHAINS_WEIGHTS_CACHE`, else `truss-chains/weights` of the user's cache. */
export function storeDirectory(env: Env): string {
  const cache = env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return env.CHAINS_WEIGHTS_CACHE || join(cache, "truss-chains", "weights");
}

/** Readable, and different for whatever may hold other files. */
function directoryName({ revision, demand: { reference, allow, ignore } }: PlannedSource): string {
  // All branches of a repository that lead to one commit share its files.
  const source = sourceLabel(reference.provider === "hf" ? { ...reference, revision: "" } : reference);
  const name = source.replaceAll(/[^\w.]+/g, "-");
  const identity = digest([source, revision, allow, ignore]);
  return [name.slice(0, 100), revision.slice(0, 12), identity].filter((part) => part !== "").join("-");
}

async function remember(directory: string, file: string, source: PlannedSource): Promise<void> {
  await mkdir(directory, { recursive: true });
  const text = renderLockfile(createLockfile({ sources: [source] }));
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);
}
