import type { AnyFunction } from "../types/remote.ts";
import type { ChainletBase } from "./chainlet-base.ts";

/** The constructor of a chainlet. */
export type ChainletClass<C extends ChainletBase = ChainletBase> = new (...args: any[]) => C;

/** A chainlet with its endpoint, as `Remote` needs it. */
export type ChainletWithEndpoint = ChainletBase & { runRemote: AnyFunction };
