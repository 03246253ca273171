import type { ChainsError } from "@truss-chains/errors";

// Of the process, under a registered symbol: the chain may import another copy of this package than who collects.
const COLLECTED = Symbol.for("truss-chains.collected-faults");

const shared = globalThis as { [COLLECTED]?: ChainsError[] | undefined };

/** The faults of options since collecting began. */
export interface CollectedFaults {
  readonly errors: readonly ChainsError[];
  stop(): void;
}

/**
 * From now on wrong options do not throw, so that what imports a chain can tell all of them at once. What was given
 * such options must not be used for anything but looking for more faults.
 */
export function collectFaults(): CollectedFaults {
  const errors: ChainsError[] = [];
  shared[COLLECTED] = errors;
  return {
    errors,
    stop: () => {
      shared[COLLECTED] = undefined;
    },
  };
}

/** Throws the fault, unless faults are collected. */
export function raise(fault: ChainsError): void {
  const collected = shared[COLLECTED];
  if (!collected) throw fault;
  collected.push(fault);
}
