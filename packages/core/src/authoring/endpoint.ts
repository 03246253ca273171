import type { EndpointDecorator } from "../types/endpoint-check.ts";
import type { EndpointSpec } from "./endpoint-spec.ts";
import { ensureMetadata, misplace } from "./metadata.ts";

// Not one signature whose type parameter has a default: until something is written, editors complete the default.
/** Declares an endpoint that takes and returns nothing, on the method `runRemote`. */
export function endpoint(): EndpointDecorator<Record<never, never>>;
/**
 * Declares the one endpoint of a chainlet, on its method `runRemote`.
 *
 * - `{ input?, output? }`: a method, sync or async, of at most one input object.
 * - `{ input?, stream }`: an async generator; `stream` is the schema of one item.
 * - `{ receive, send }`: a WebSocket, on the entrypoint only.
 *
 * A method that does not fit its schemas does not compile.
 */
export function endpoint<const Spec extends EndpointSpec>(spec: Spec): EndpointDecorator<Spec>;
export function endpoint(spec: EndpointSpec = {}): EndpointDecorator<EndpointSpec> {
  return (target, key) => {
    if (key === undefined) return misplace("endpoint", target as object, key, undefined);
    // On a static member the target is the class itself, not its prototype.
    const isStatic = typeof target === "function";
    const cls = isStatic ? target : (target as { constructor: object }).constructor;
    ensureMetadata(cls).endpoints.push({ member: String(key), isStatic, spec });
  };
}
