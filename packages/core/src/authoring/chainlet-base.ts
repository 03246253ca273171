import { refuseConstruction } from "./construction.ts";

declare const CHAINLET: unique symbol;

/** What every chainlet extends. */
export abstract class ChainletBase {
  // Nominal: without it a plain object, or a `Remote`, would pass for a chainlet, and a constructor could ask for the
  // chainlet itself where it gets a stub.
  declare protected readonly [CHAINLET]: true;

  /** @throws ChainsError `CHAINLET_INSTANTIATED` in the code of a chain that runs. */
  constructor() {
    refuseConstruction(new.target);
  }
}

const BASE = Symbol.for("truss-chains.chainlet-base");
Object.defineProperty(ChainletBase, BASE, { value: true });

/** Whether the class extends `ChainletBase`, of this copy of the package or of another. */
export function extendsChainletBase(value: unknown): boolean {
  return typeof value === "function" && BASE in value;
}
