import type { ChainletClass } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";

/** A chainlet class, and the object that is called in its place. */
export type Override = readonly [chainlet: ChainletClass<any>, standIn: object];

/**
 * What is said of single chainlets, by class.
 *
 * @param what the pairs are, as the subject of a sentence
 * @throws ChainsError `USAGE` when a pair names a class that the chain does not use, since it would do nothing.
 */
export function byClass<T>(
  what: string,
  pairs: Iterable<readonly [ChainletClass<any>, T]>,
  chain: readonly { readonly name: string }[],
): ReadonlyMap<ChainletClass, T> {
  const map = new Map(pairs);
  for (const cls of map.keys()) {
    if (chain.includes(cls)) continue;
    throw new ChainsError("USAGE", `${what} names ${cls?.name ?? cls}, which the chain does not use.`, {
      fix: `The chain has ${chain.map(({ name }) => name).join(", ")}.`,
    });
  }
  return map;
}
