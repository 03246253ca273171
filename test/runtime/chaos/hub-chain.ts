import { type ChainletClass, describeDependency, RPCOptions, type RPCOptionsInit } from "@truss-chains/core";
import { createHttpTransport, createStub } from "@truss-chains/rpc";
import { Count, Hub, Same } from "../fixtures/chain.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { type StartOptions, Workspace } from "../support/workspace.ts";

const PRELOADED = ["--expose-gc", "--import", new URL("../fixtures/report-state.mjs", import.meta.url).href];

export interface Stub extends AsyncDisposable {
  runRemote(input: unknown, options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number }): any;
}

/** A stub in this process of a server in another. */
export function stubOf(cls: ChainletClass, url: string, options: RPCOptionsInit = {}): Stub {
  const transport = createHttpTransport({ url: `${url}/predict`, apiKey: "key" });
  const stub = createStub(describeDependency(cls), { transport, options: new RPCOptions(options) });
  return {
    runRemote: (...args) => (stub as unknown as Stub).runRemote(...args),
    [Symbol.asyncDispose]: () => transport.close(),
  };
}

/** `Hub` and the two that it calls, in three processes. */
export class HubChain implements AsyncDisposable {
  readonly workspace: Workspace;
  readonly hub: ServerProcess;
  readonly #options: StartOptions;
  #same: ServerProcess;
  #count: ServerProcess;

  private constructor(
    workspace: Workspace,
    options: StartOptions,
    [hub, same, count]: readonly [ServerProcess, ServerProcess, ServerProcess],
  ) {
    this.workspace = workspace;
    this.#options = options;
    this.hub = hub;
    this.#same = same;
    this.#count = count;
  }

  static async start(options: StartOptions = {}): Promise<HubChain> {
    const workspace = await Workspace.create();
    const all = { args: PRELOADED, ...options };
    const same = await workspace.start(Same, all);
    const count = await workspace.start(Count, all);
    const addresses = {
      Same: { predict_url: `${await same.ready()}/predict` },
      Count: { predict_url: `${await count.ready()}/predict` },
    };
    await workspace.write("dynamic/dynamic_chainlet_config", JSON.stringify(addresses));
    const hub = await workspace.start(Hub, all);
    await hub.ready();
    return new HubChain(workspace, all, [hub, same, count]);
  }

  get same(): ServerProcess {
    return this.#same;
  }

  get count(): ServerProcess {
    return this.#count;
  }

  async stub(options?: RPCOptionsInit): Promise<Stub> {
    return stubOf(Hub, await this.hub.ready(), options);
  }

  /** Kills both dependencies without a word, and starts them again where they were. */
  async killDependencies(): Promise<void> {
    [this.#same, this.#count] = await Promise.all([
      this.#replace(Same, this.#same),
      this.#replace(Count, this.#count),
    ]);
  }

  async #replace(cls: ChainletClass, server: ServerProcess): Promise<ServerProcess> {
    const { port } = new URL(await server.ready());
    server.stop("SIGKILL");
    await server.exited;
    const next = await this.workspace.start(cls, { ...this.#options, env: { PORT: port } });
    await next.ready();
    return next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.hub, this.#same, this.#count].map((server) => server[Symbol.asyncDispose]()));
    await this.workspace[Symbol.asyncDispose]();
  }
}
