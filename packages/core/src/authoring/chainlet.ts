import type { RemoteConfig } from "../options/remote-config.ts";
import type { ChainletBase } from "./chainlet-base.ts";
import { ensureMetadata } from "./metadata.ts";

export interface ChainletDecoratorOptions {
  /** How the chainlet is deployed; everything has a default. */
  readonly remoteConfig?: RemoteConfig;
}

/**
 * Makes a class a chainlet: one deployable service. The class extends `ChainletBase` and has one `@endpoint()` method
 * named `runRemote`.
 */
export function Chainlet(
  options: ChainletDecoratorOptions = {},
): <C extends abstract new (...args: any[]) => ChainletBase>(cls: C) => void {
  return (cls) => {
    const metadata = ensureMetadata(cls);
    metadata.decorated = true;
    metadata.options = options;
    metadata.stack = new Error().stack;
  };
}
