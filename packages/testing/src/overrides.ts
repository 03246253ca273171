import type { ChainletClass } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";

/** A chainlet class, and the object that is called in its place. */
export type Override = readonly [chainlet: ChainletClass<any>, standIn: object];

/**
 * The stand-ins by class.
 *
 * @throws ChainsError `USAGE` when a pair names a class that the chain does not use, since it would do nothing.
 */
export function overridesByClass(
  overrides: Iterable<Override>,
  chain: readonly { readonly name: string }[],
): Map<ChainletClass, object> {
  const byClass = new Map(overrides);
  for (const cls of byClass.keys()) {
    if (chain.includes(cls)) continue;
    throw new ChainsError("USAGE", `An override names ${cls?.name ?? cls}, which the chain does not use.`, {
      fix: `The chain has ${chain.map(({ name }) => name).join(", ")}.`,
    });
  }
  return byClass;
}
