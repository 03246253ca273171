import {
  assertValidChain,
  type ChainletClass,
  type ChainletDescriptor,
  chainClasses,
  describeChainlet,
  describeDependency,
  RPCOptions,
} from "@truss-chains/core";
import { createMemoryTransport, createStub, type Transport } from "@truss-chains/rpc";
import { buildChainlet, connect, type Injector, serveInstance, toWireHandler } from "@truss-chains/runtime";
import { byClass } from "./by-class.ts";
import { endable } from "./endable.ts";
import { type FaultPlan, faultyTransport } from "./faults.ts";
import { localContext } from "./local-context.ts";
import { localLog } from "./local-log.ts";
import { localService } from "./local-services.ts";
import { localWeights } from "./local-weights.ts";
import type { RunLocalOptions } from "./run-local.ts";

/** The chainlets of one chain, each constructed once, connected by everything but a network. */
export class LocalChain {
  readonly #entrypoint: ChainletClass;
  readonly #options: RunLocalOptions;
  readonly #overrides: ReadonlyMap<ChainletClass, object>;
  readonly #faults: ReadonlyMap<ChainletClass, FaultPlan>;
  readonly #transports = new Map<ChainletClass, Transport>();
  readonly #ended = new AbortController();

  /** @throws as `runLocal` does. */
  constructor(entrypoint: ChainletClass, options: RunLocalOptions) {
    assertValidChain(entrypoint);
    this.#entrypoint = entrypoint;
    this.#options = options;
    const chain = chainClasses(entrypoint);
    this.#overrides = byClass("An override", options.overrides ?? [], chain);
    this.#faults = byClass("A fault", options.faults ?? [], chain);
    this.#transportTo(entrypoint);
  }

  /** The `runRemote` of the entrypoint as a client has it. */
  client(): (...args: any[]) => unknown {
    const transport = endable(this.#transportTo(this.#entrypoint), this.#ended.signal);
    const stub = createStub(describeDependency(this.#entrypoint), { transport, options: new RPCOptions() });
    return stub.runRemote.bind(stub);
  }

  /** Aborts what is under way. */
  async close(): Promise<void> {
    this.#ended.abort();
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
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
    const standIn = this.#overrides.get(cls);
    if (!standIn && chainlet.kind !== "code") return this.#connectElsewhere(chainlet);
    const secrets = Object.values(this.#options.secrets ?? {});
    const serving = {
      contract: undefined,
      streamGapMs: chainlet.remoteConfig.options.streamingReadTimeout * 1000,
      log: localLog(chainlet.name),
      // The caller is in this process, and is told all that there is to know.
      onFailure: () => {},
      secrets: () => secrets,
    };
    const { handler } = standIn
      ? serveInstance(chainlet, standIn, serving)
      : buildChainlet(chainlet, this.#injector(chainlet), serving);
    return createMemoryTransport(toWireHandler(handler));
  }

  #connectElsewhere(chainlet: ChainletDescriptor): Transport {
    const { services = {}, secrets = {} } = this.#options;
    return connect(chainlet.name, localService(chainlet, services), (secret) => secrets[secret]);
  }

  #injector(chainlet: ChainletDescriptor): Injector {
    return {
      context: () => localContext(chainlet, this.#options),
      dependency: ({ dependency, options, target }) =>
        createStub(dependency, { transport: this.#transportTo(target), options }),
      resolver: () => localWeights(localLog(chainlet.name)),
    };
  }
}
