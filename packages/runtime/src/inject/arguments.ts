import type { ChainletDescriptor, ParameterDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { relocate } from "./relocate.ts";

/** Makes what the constructor of a chainlet asks for. */
export interface Injector {
  dependency(parameter: ParameterDescriptor & { readonly kind: "dependency" }): unknown;
  context(): unknown;
  resolver(): unknown;
}

/**
 * The arguments of the constructor, in order.
 *
 * @throws ChainsError what the injector threw, located at the parameter that asked for it.
 */
export function constructorArguments(chainlet: ChainletDescriptor, injector: Injector): unknown[] {
  return chainlet.parameters.map((parameter, position) => {
    try {
      if (parameter.kind === "context") return injector.context();
      if (parameter.kind === "resolver") return injector.resolver();
      return injector.dependency(parameter);
    } catch (error) {
      if (!(error instanceof ChainsError)) throw error;
      const member = `constructor, parameter ${position + 1}`;
      throw relocate(error, { ...error.location, className: chainlet.name, member });
    }
  });
}
