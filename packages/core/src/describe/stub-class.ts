import type { DependencyDescriptor } from "./descriptor.ts";
import type { EndpointContract } from "./endpoint-contract.ts";

/** The plain data that stands for a chainlet whose code was left out of a bundle. */
export type StubData = Pick<
  DependencyDescriptor,
  "name" | "displayName" | "kind" | "endpoint" | "takesInput"
> & {
  readonly contract: EndpointContract;
};

/** The name of the registered symbol of the static property that marks a stub class. */
export const STUB_KEY = "truss-chains.stub";

const STUB = Symbol.for(STUB_KEY);

export function stubDataOf(cls: object): StubData | undefined {
  return Object.hasOwn(cls, STUB) ? (cls as { [STUB]?: StubData })[STUB] : undefined;
}
