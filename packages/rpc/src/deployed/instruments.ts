import type { CallObserver } from "../call/observer.ts";
import type { Transport } from "../transport.ts";

/** What the server of a chainlet adds to the calls that are made in its process. */
export interface Instruments {
  /** What is told of the calls to a deployed service of this name. */
  observe(name: string): CallObserver;
  /** A transport that also tells a tracing system of its calls. */
  traced(transport: Transport, target: { readonly name: string; readonly url: string }): Transport;
}

// Authors make these clients themselves, so that there is nothing to hand this through; and a bundle may hold another copy
// of this package than the server.
const INSTRUMENTS = Symbol.for("truss-chains.instruments");

type Holder = { [INSTRUMENTS]?: Instruments };

/** From now on, clients of what is deployed elsewhere are observed as dependencies are, from their first call on. */
export function instrumentDeployed(instruments: Instruments): void {
  (globalThis as Holder)[INSTRUMENTS] = instruments;
}

export function currentInstruments(): Instruments | undefined {
  return (globalThis as Holder)[INSTRUMENTS];
}
