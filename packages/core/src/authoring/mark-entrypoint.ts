import { refuseBareDecorator } from "./bare-decorator.ts";
import type { ChainletBase } from "./chainlet-base.ts";
import { ensureMetadata, misplace } from "./metadata.ts";

/**
 * Marks the chainlet that callers of the chain reach.
 *
 * @param name the default name of the deployed chain; the class name when omitted.
 */
export function markEntrypoint(
  name?: string,
): <C extends abstract new (...args: any[]) => ChainletBase>(cls: C) => void {
  refuseBareDecorator("markEntrypoint", name);
  return (cls, ...[key]: readonly PropertyKey[]) => {
    if (key !== undefined) return misplace("markEntrypoint", cls, key, undefined);
    ensureMetadata(cls).entrypoint = { name };
  };
}
