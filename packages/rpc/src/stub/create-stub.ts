import type { DependencyDescriptor, Remote, ResolvedRPCOptions } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { type CallObserver, NO_OBSERVER } from "../call/observer.ts";
import type { Transport } from "../transport.ts";
import { ChainletStub } from "./chainlet-stub.ts";

export interface StubOptions {
  readonly transport: Transport;
  readonly options: ResolvedRPCOptions;
  /** Is told of every attempt; nobody is, by default. */
  readonly observer?: CallObserver;
}

type AnyRemote = { runRemote(...args: any[]): any };

/**
 * The object that a constructor parameter with `@depends()` receives.
 *
 * @throws ChainsError `USAGE` for a dependency with a WebSocket endpoint, which only clients of a chain can open.
 */
export function createStub<C extends AnyRemote = AnyRemote>(
  dependency: DependencyDescriptor,
  { transport, options, observer = NO_OBSERVER }: StubOptions,
): Remote<C> {
  if (dependency.endpoint === "websocket") {
    throw new ChainsError(
      "USAGE",
      `${dependency.name} has a WebSocket endpoint, which chainlets cannot call.`,
      {
        fix: "Make it the entrypoint, or give it a stream.",
      },
    );
  }
  const stub = new ChainletStub(dependency, { name: dependency.name, transport, options, observer });
  return stub as unknown as Remote<C>;
}
