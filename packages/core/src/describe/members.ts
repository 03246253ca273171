import { extendsChainletBase } from "../authoring/chainlet-base.ts";
import type { EndpointSpec } from "../authoring/endpoint-spec.ts";
import { type Injection, metadataOf } from "../authoring/metadata.ts";
import { sourceFactsOf } from "./source-facts.ts";

type AnyConstructor = abstract new (...args: any[]) => any;

/** The class and its ancestors that are chainlets, nearest first. */
export function lineage(cls: AnyConstructor): AnyConstructor[] {
  const classes: AnyConstructor[] = [];
  for (
    let at: unknown = cls;
    typeof at === "function" && extendsChainletBase(at);
    at = Object.getPrototypeOf(at)
  ) {
    classes.push(at as AnyConstructor);
  }
  return classes;
}

/**
 * The spec of `runRemote`: the class's own, or the one that it inherits. Not yet checked, it may be anything that was
 * given to `@endpoint`.
 */
export function endpointSpecOf(cls: AnyConstructor): EndpointSpec | undefined {
  for (const owner of lineage(cls)) {
    const own = metadataOf(owner)?.endpoints.find(
      (endpoint) => endpoint.member === "runRemote" && !endpoint.isStatic,
    );
    if (own) return own.spec;
  }
  return undefined;
}

/** The class whose constructor runs: the class itself, or the nearest ancestor when it has none of its own. */
export function constructorOwner(cls: AnyConstructor): AnyConstructor {
  const owner = lineage(cls).find((candidate) => {
    const facts = sourceFactsOf(candidate);
    if (facts) return facts.constructorParameters !== undefined;
    return candidate.length > 0 || (metadataOf(candidate)?.injections.size ?? 0) > 0;
  });
  return owner ?? cls;
}

/** What the parameters of the constructor ask for, by position. */
export function injectionsOf(cls: AnyConstructor): ReadonlyMap<number, readonly Injection[]> {
  return metadataOf(constructorOwner(cls))?.injections ?? new Map();
}
