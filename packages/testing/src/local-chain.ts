import {
  assertValidChain,
  type CallOptions,
  type ChainletClass,
  type ChainletDescriptor,
  chainClasses,
  describeChainlet,
  describeDependency,
  endpointContract,
  RPCOptions,
  remoteConfigOf,
} from "@truss-chains/core";
import { createMemoryTransport, createStub, type Transport } from "@truss-chains/rpc";
import {
  type BuiltChainlet,
  buildChainlet,
  connect,
  type Injector,
  messageTypes,
  openInMemory,
  serveInstance,
  toWireHandler,
} from "@truss-chains/runtime";
import { byClass } from "./by-class.ts";
import { eitherSignal, endable } from "./endable.ts";
import { isHidden } from "./failure-text.ts";
import { type FaultPlan, faultyTransport } from "./faults.ts";
import { localContext } from "./local-context.ts";
import { localLog } from "./local-log.ts";
import { localService } from "./local-services.ts";
import { localWeights } from "./local-weights.ts";
import type { RunLocalOptions } from "./run-local.ts";

type Client = (...args: any[]) => unknown;

/** The chainlets of one chain, each constructed once, connected by everything but a network. */
export class LocalChain {
  /** The `runRemote` of the entrypoint as a client has it. */
  readonly client: Client;
  readonly #options: RunLocalOptions;
  readonly #secrets: readonly string[];
  readonly #overrides: ReadonlyMap<ChainletClass, object>;
  readonly #faults: ReadonlyMap<ChainletClass, FaultPlan>;
  readonly #transports = new Map<ChainletClass, Transport>();
  readonly #ended = new AbortController();

  /** @throws as `runLocal` does. */
  constructor(entrypoint: ChainletClass, options: RunLocalOptions) {
    assertValidChain(entrypoint);
    const chain = chainClasses(entrypoint);
    this.#options = options;
    this.#secrets = Object.values(options.secrets ?? {});
    this.#overrides = byClass("An override", options.overrides ?? [], chain);
    this.#faults = byClass("A fault", options.faults ?? [], chain);
    const chainlet = describeChainlet(entrypoint);
    this.client =
      chainlet.endpoint.kind === "websocket" ? this.#socketClient(chainlet) : this.#callClient(entrypoint);
  }

  /** Aborts what is under way. */
  async close(): Promise<void> {
    this.#ended.abort();
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
  }

  #callClient(entrypoint: ChainletClass): Client {
    const transport = endable(this.#transportTo(entrypoint), this.#ended.signal);
    const stub = createStub(describeDependency(entrypoint), { transport, options: new RPCOptions() });
    return stub.runRemote.bind(stub);
  }

  #socketClient(chainlet: ChainletDescriptor): Client {
    const { endpoint } = this.#build(chainlet);
    const types = messageTypes(chainlet.endpoint, endpointContract(chainlet.endpoint).schemas)!;
    return async ({ signal, headers = {} }: CallOptions = {}) => {
      const ends = eitherSignal(signal, this.#ended.signal);
      const socket = { chainlet: chainlet.name, endpoint, types, headers, signal: ends.signal };
      const connection = openInMemory({ ...socket, log: localLog(chainlet.name, this.#secrets) });
      connection.signal.addEventListener("abort", ends.release, { once: true });
      return connection;
    };
  }

  #transportTo(cls: ChainletClass): Transport {
    let transport = this.#transports.get(cls);
    if (!transport) {
      const plan = this.#faults.get(cls);
      transport = plan ? faultyTransport(this.#connect(cls), plan) : this.#connect(cls);
      this.#transports.set(cls, transport);
    }
    return transport;
  }

  #connect(cls: ChainletClass): Transport {
    const chainlet = describeChainlet(cls);
    if (chainlet.kind === "code" || this.#overrides.has(cls)) {
      return createMemoryTransport(toWireHandler(this.#build(chainlet).handler));
    }
    const { services = {}, secrets = {} } = this.#options;
    return connect(chainlet.name, localService(chainlet, services), (secret) => secrets[secret]);
  }

  #build(chainlet: ChainletDescriptor): BuiltChainlet {
    const log = localLog(chainlet.name, this.#secrets);
    const serving = {
      contract: undefined,
      streamGapMs: remoteConfigOf(chainlet.chainletClass).options.streamingReadTimeout * 1000,
      log,
      // The caller is in this process, and raises what the answer tells: only the rest is news.
      onFailure: (thrown: unknown, message: string) => {
        if (isHidden(thrown)) log.error(message, { err: thrown });
      },
      secrets: () => this.#secrets,
    };
    const standIn = this.#overrides.get(chainlet.chainletClass);
    if (standIn) return serveInstance(chainlet, standIn, serving);
    return buildChainlet(chainlet, this.#injector(chainlet), serving);
  }

  #injector(chainlet: ChainletDescriptor): Injector {
    return {
      context: () => localContext(chainlet, this.#options),
      dependency: ({ dependency, options, target }) =>
        createStub(dependency, { transport: this.#transportTo(target), options }),
      resolver: () => localWeights(chainlet, this.#options.weightsDir),
    };
  }
}
