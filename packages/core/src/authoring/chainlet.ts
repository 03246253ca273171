import { Fields } from "../options/fields.ts";
import { RemoteConfig } from "../options/remote-config.ts";
import { refuseBareDecorator } from "./bare-decorator.ts";
import type { ChainletBase } from "./chainlet-base.ts";
import { ensureMetadata, misplace } from "./metadata.ts";

export interface ChainletDecoratorOptions {
  /** How the chainlet is deployed; everything has a default. */
  readonly remoteConfig?: RemoteConfig;
}

/**
 * Makes a class a chainlet: one deployable service. The class extends `ChainletBase` and has one `@endpoint()` method
 * named `runRemote`.
 *
 * @throws ChainsError `CHAINLET_OPTIONS_INVALID` when `remoteConfig` is not a `RemoteConfig`.
 */
export function Chainlet(
  options: ChainletDecoratorOptions = {},
): <C extends abstract new (...args: any[]) => ChainletBase>(cls: C) => void {
  refuseBareDecorator("Chainlet", options);
  const fields = new Fields("Chainlet", options, ["remoteConfig"]);
  const remoteConfig = fields.instance("remoteConfig", RemoteConfig, undefined);
  fields.done();
  return function decorate(cls, ...[key]: readonly PropertyKey[]) {
    if (key !== undefined) return misplace("Chainlet", cls, key, undefined);
    const metadata = ensureMetadata(cls);
    metadata.decorated = true;
    metadata.remoteConfig = remoteConfig;
    // Without the frames of this package, wherever it is installed: a user's own folder may have the same name.
    const caller = { stack: "" };
    Error.captureStackTrace(caller, decorate);
    metadata.stack = caller.stack;
  };
}
