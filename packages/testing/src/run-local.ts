import type { ChainletClass, ChainletWithEndpoint, Remote } from "@truss-chains/core";
import type { Override } from "./by-class.ts";
import type { Fault } from "./faults.ts";
import { LocalChain } from "./local-chain.ts";
import type { ServiceEntry } from "./local-services.ts";

/** How a chain runs on this machine; everything may be left out. */
export interface RunLocalOptions {
  /** Values of the secrets that the chainlets name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What every chainlet gets as `dataDir`, in place of the directory that its own `dockerImage.dataDir` names. */
  readonly dataDir?: string;
  /**
   * Where the weights are that chainlets cache or mount: volume folders and mount locations are below it, as
   * `chains weights pull` leaves them. Nothing is fetched.
   */
  readonly weightsDir?: string;
  /**
   * What takes the place of chainlets: pairs of a class and an object with a `runRemote`. It is called through the
   * class's own schemas, so that it cannot take or answer what the real one could not.
   */
  readonly overrides?: Iterable<Override>;
  /** What goes wrong on the way to chainlets, the entrypoint included: pairs of a class and a plan. */
  readonly faults?: Iterable<Fault>;
  /** Addresses of what is deployed elsewhere, by display name, as in `dynamic_chainlet_config`. */
  readonly services?: Readonly<Record<string, ServiceEntry>>;
}

/** A chain that runs in this process. Leaving the scope of `await using` ends what it still does. */
export type LocalRun<C extends ChainletWithEndpoint> = AsyncDisposable & Remote<C>;

/**
 * Runs a chain in this process, one instance of each chainlet. Calls go through the codec, the schemas, the errors,
 * the deadlines and the retries that a deployed chain has; only the network is missing. What a call throws is what a
 * client of the deployed chain would see; what a chainlet's server would tell its log only, such as a returned value that
 * does not fit the `output` schema, is written to standard error.
 *
 * @throws ChainsError `CHAIN_INVALID` with every problem of the chain, before anything is constructed;
 * `DEPENDENCY_NOT_CONFIGURED` for a chainlet whose code is not here, and that has neither an override nor a service;
 * `USAGE` for an override that the chain does not use; whatever a constructor throws.
 */
export function runLocal<C extends ChainletWithEndpoint>(
  entrypoint: ChainletClass<C>,
  options: RunLocalOptions = {},
): LocalRun<C> {
  const chain = new LocalChain(entrypoint, options);
  return { runRemote: chain.client, [Symbol.asyncDispose]: () => chain.close() } as unknown as LocalRun<C>;
}
