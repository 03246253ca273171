import { refuseBareDecorator } from "./bare-decorator.ts";
import type { ChainletBase } from "./chainlet-base.ts";
import { ensureMetadata } from "./metadata.ts";

/**
 * Marks the chainlet that callers of the chain reach.
 *
 * @param name the default name of the deployed chain; the class name when omitted.
 */
export function markEntrypoint(
  name?: string,
): <C extends abstract new (...args: any[]) => ChainletBase>(cls: C) => void {
  refuseBareDecorator("markEntrypoint", name);
  return (cls) => {
    ensureMetadata(cls).entrypoint = { name };
  };
}
