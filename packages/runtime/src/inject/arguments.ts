import type {
  ChainletDescriptor,
  DependencyDescriptor,
  LazyDataResolver,
  ResolvedRPCOptions,
} from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";

/** Makes what the constructor of a chainlet asks for. */
export interface Injector {
  dependency(dependency: DependencyDescriptor, options: ResolvedRPCOptions): unknown;
  context(): unknown;
  resolver(): LazyDataResolver;
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
      return injector.dependency(parameter.dependency, parameter.options);
    } catch (error) {
      throw atParameter(error, chainlet, position);
    }
  });
}

function atParameter(error: unknown, chainlet: ChainletDescriptor, position: number): unknown {
  if (!(error instanceof ChainsError)) return error;
  const { message, fix, data, problems } = error;
  return new ChainsError(error.code, message, {
    ...(fix !== undefined && { fix }),
    ...(data !== undefined && { data }),
    problems,
    location: {
      ...error.location,
      className: chainlet.name,
      member: `constructor, parameter ${position + 1}`,
    },
    cause: error,
  });
}
