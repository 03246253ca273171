import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { API_KEY_SECRET, type DiscoveredChain, dataDirectory, SERVER } from "@truss-chains/compiler";
import { discoverChain } from "@truss-chains/compiler/discover";
import type { ChainNode } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { BuildCache } from "./build-cache.ts";
import { ChainletProcess, type ChainletState } from "./chainlet-process.ts";
import { chainletSecrets } from "./chainlet-secrets.ts";
import type { DevOptions } from "./dev-options.ts";
import { foreignAddresses } from "./foreign-addresses.ts";
import type { LocalWeights } from "./local-weights.ts";
import { assertPortFree } from "./port-in-use.ts";
import { Ports } from "./ports.ts";
import { envFilePath, readSecrets } from "./secrets.ts";
import { wantsWeights } from "./wants-weights.ts";
import { FileWatch, type Followed } from "./watch-files.ts";
import { type Addresses, World } from "./world.ts";

const HOST = "127.0.0.1";
const SLOW_START_MS = 10_000;

/**
 * A chain as it will be deployed, on this machine: one process per chainlet, real HTTP between them.
 *
 * @throws ChainsError when the source is not valid or the port is taken.
 */
export class DevSession implements AsyncDisposable {
  readonly #source: string;
  readonly #options: DevOptions;
  readonly #world: World;
  readonly #cache: BuildCache;
  readonly #ports = new Ports();
  readonly #processes = new Map<string, ChainletProcess>();
  /** Chainlets whose process, if there is one, is not what was built last. */
  readonly #stale = new Set<string>();
  #chain: DiscoveredChain;
  #weights: LocalWeights | undefined;
  #watch: FileWatch | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(chain: DiscoveredChain, world: World, options: DevOptions) {
    this.#source = chain.source;
    this.#chain = chain;
    this.#world = world;
    this.#options = options;
    this.#cache = new BuildCache(chain.source);
  }

  /** Builds the chain and starts its chainlets. Resolves when the processes are started; see `ready()`. */
  static async start(source: string, options: DevOptions): Promise<DevSession> {
    const readAt = Date.now();
    const { entrypoint, signal } = options;
    const chain = await discoverChain(source, { entrypoint, signal });
    if (options.port !== undefined) await assertPortFree(options.port);
    const session = new DevSession(chain, await World.create(), options);
    try {
      await session.#run(chain);
      signal?.throwIfAborted();
      if (options.watch) await session.#startWatching(readAt);
    } catch (thrown) {
      await session.close();
      throw thrown;
    }
    return session;
  }

  /** Where the chain is called: `POST` a JSON object. */
  get url(): string {
    return this.#urlOf(this.#chain.graph.entrypoint);
  }

  get chain(): DiscoveredChain {
    return this.#chain;
  }

  /** The address of each chainlet that runs here, by class name. */
  get urls(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#processes.keys()].map((name) => [name, this.#urlOf(name)]));
  }

  /** Resolves when every chainlet is ready, or has crashed, with their states. */
  async ready(): Promise<Readonly<Record<string, ChainletState>>> {
    const reminder = setInterval(() => this.#reportSlow(), this.#options.slowStartMs ?? SLOW_START_MS);
    try {
      return await this.#settled();
    } finally {
      clearInterval(reminder);
    }
  }

  #reportSlow(): void {
    const slow = [...this.#processes.values()]
      .filter(({ state }) => state === "starting")
      .map(({ name }) => name);
    if (slow.length > 0) this.#options.reporter.onSlowStart(slow);
  }

  async #settled(): Promise<Readonly<Record<string, ChainletState>>> {
    const states = [...this.#processes].map(
      async ([name, process]) => [name, await process.settled()] as const,
    );
    return Object.fromEntries(await Promise.all(states));
  }

  /** Resolves when the source has been looked at again and the touched chainlets were started. */
  reload(): Promise<void> {
    this.#reloading = this.#reloading.then(() => this.#reload());
    return this.#reloading;
  }

  /** Ends every process and removes what was written. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#watch?.close();
    await this.#reloading;
    await Promise.all([...this.#processes.values()].map((process) => process.stop()));
    await Promise.all([this.#world.remove(), this.#cache.remove()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(chain: DiscoveredChain): Promise<readonly string[]> {
    const foreign = this.#foreignAddresses(chain);
    const { built, changed } = await this.#cache.build(chain);
    for (const name of changed) this.#stale.add(name);
    const code = chain.graph.nodes.filter((node) => node.kind === "code");
    for (const name of await this.#assignPorts(chain, code)) this.#stale.add(name);
    await this.#stopRemoved(code);
    const secrets = await this.#readSecrets(code);
    // All worlds first: a chainlet may call another as soon as it runs.
    for (const node of code) {
      const addresses = this.#addressesFor(node, chain, foreign);
      if (await this.#world.provide(node.name, addresses, chainletSecrets(node, secrets)))
        this.#stale.add(node.name);
    }
    const touched = code.filter(({ name }) => this.#stale.has(name));
    await Promise.all(touched.map(({ name }) => this.#processes.get(name)?.stop()));
    for (const node of touched) this.#startChainlet(node, built.trussDirectories[node.name]!);
    this.#chain = chain;
    return touched.map(({ name }) => name);
  }

  #startChainlet(node: ChainNode, directory: string): void {
    const { reporter } = this.#options;
    const { name } = node;
    const port = this.#ports.of(name);
    const process = new ChainletProcess({
      name,
      directory,
      port,
      readinessPath: SERVER.endpoints.readiness,
      env: {
        ...this.#world.environment(name, directory, port),
        ...(wantsWeights(node.remoteConfig) && this.#world.weightsDirectories(name)),
      },
      ...(wantsWeights(node.remoteConfig) && { prepare: (signal) => this.#fetchWeights(node, signal) }),
      onLine: (line) => reporter.onLine(name, line),
      onState: (state, crash) => reporter.onState(name, state, crash),
    });
    this.#processes.set(name, process);
    this.#stale.delete(name);
    process.start();
  }

  async #fetchWeights(node: ChainNode, signal: AbortSignal): Promise<void> {
    const { name } = node;
    const world = this.#world;
    const { CHAINS_WEIGHTS_ROOT: root, CHAINS_MANIFEST_ROOT: manifests } = world.weightsDirectories(name);
    // Loaded with the first chainlet that has weights: the engine that fetches is large.
    const { LocalWeights, writeEmptyManifest } = await import("./local-weights.ts");
    this.#weights ??= await LocalWeights.open(this.#source);
    await rm(root, { recursive: true, force: true });
    await this.#weights.provide({ name, assets: node.remoteConfig.assets }, root, {
      secretsDir: world.secretsDirectory(name),
      signal,
      onEvent: (event) => this.#options.reporter.onWeights(name, event),
    });
    await writeEmptyManifest(manifests);
  }

  #assignPorts(chain: DiscoveredChain, code: readonly ChainNode[]): Promise<readonly string[]> {
    const { port } = this.#options;
    const names = code.map(({ name }) => name);
    return this.#ports.assign(names, port === undefined ? undefined : { name: chain.graph.entrypoint, port });
  }

  async #stopRemoved(code: readonly ChainNode[]): Promise<void> {
    const names = new Set(code.map(({ name }) => name));
    const removed = [...this.#processes].filter(([name]) => !names.has(name));
    await Promise.all(removed.map(([, process]) => process.stop()));
    for (const [name] of removed) this.#processes.delete(name);
  }

  async #readSecrets(code: readonly ChainNode[]): Promise<Record<string, string>> {
    const names = new Set(code.flatMap((node) => node.remoteConfig.assets.secretKeys));
    const { envFile } = this.#options;
    const wanted = [...names, API_KEY_SECRET];
    const secrets = await readSecrets(wanted, envFile === undefined ? {} : { envFile });
    const missing = [...names].filter((name) => !(name in secrets)).sort();
    if (missing.length > 0) this.#options.reporter.onMissingSecrets(missing);
    return secrets;
  }

  #foreignAddresses({ graph }: DiscoveredChain): Readonly<Record<string, string>> {
    const foreign = graph.nodes.filter(({ kind }) => kind !== "code");
    const addresses = foreignAddresses(foreign, this.#options.services);
    for (const { name, displayName } of foreign)
      this.#options.reporter.onForeign(name, addresses[displayName]!);
    return addresses;
  }

  #addressesFor(
    node: ChainNode,
    chain: DiscoveredChain,
    foreign: Readonly<Record<string, string>>,
  ): Addresses {
    const callees = node.dependencies.map(
      ({ target }) => chain.graph.nodes.find(({ name }) => name === target)!,
    );
    return Object.fromEntries(
      callees.map(({ name, displayName, kind }) => {
        const predict_url = kind === "code" ? this.#urlOf(name) : foreign[displayName]!;
        return [displayName, { predict_url }];
      }),
    );
  }

  #urlOf(name: string): string {
    return `http://${HOST}:${this.#ports.of(name)}${SERVER.endpoints.predict}`;
  }

  async #startWatching(readAt: number): Promise<void> {
    this.#watch = new FileWatch(() => void this.reload());
    await this.#watch.follow({ ...this.#read(), readAt });
  }

  /** What the chain was made from. */
  #read(): Pick<Followed, "files" | "optional" | "trees"> {
    const { graph, modules } = this.#chain;
    const code = graph.nodes.filter(({ kind }) => kind === "code");
    const trees = code.map((node) => dataDirectory(this.#chain, node)).filter((path) => path !== undefined);
    return { files: modules, optional: [envFilePath(this.#options.envFile)], trees };
  }

  async #reload(): Promise<void> {
    if (this.#closed) return;
    const { reporter, entrypoint } = this.#options;
    const readAt = Date.now();
    const tell = (thrown: unknown): void =>
      reporter.onBroken(thrown instanceof ChainsError ? thrown : unexpected(thrown));
    const follow = async (folders: readonly string[]): Promise<void> =>
      this.#watch?.follow({ ...this.#read(), folders, readAt }).catch(tell);
    try {
      const chain = await discoverChain(this.#source, { entrypoint });
      reporter.onReload(await this.#run(chain));
      await follow([]);
    } catch (thrown) {
      // What is broken may be a file that the chain did not have before, or one that is missing.
      await follow([...new Set(this.#chain.modules.map((file) => dirname(file)))]);
      tell(thrown);
    }
  }
}

function unexpected(thrown: unknown): ChainsError {
  return new ChainsError("INTERNAL", `Reloading failed: ${(thrown as Error).message}`, { cause: thrown });
}
