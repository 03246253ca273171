import type { ChainGraph } from "@truss-chains/core";

/** A class of a source file. */
export interface ClassOrigin {
  readonly file: string;
  readonly name: string;
}

/** A chain as its source describes it: plain data, found without constructing anything. */
export interface DiscoveredChain {
  /** Absolute path of the source that was named. */
  readonly source: string;
  readonly graph: ChainGraph;
  /** By class name: the class and the chainlets that it extends, whose code it needs. */
  readonly origins: Readonly<Record<string, readonly ClassOrigin[]>>;
  /** Every file of the user's own that the chain consists of, sorted: code, and data that is imported. */
  readonly modules: readonly string[];
}
