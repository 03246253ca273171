import { type ChainletDescriptor, RPCOptions, type ServiceDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { type DynamicChainletConfig, parseDynamicChainletConfig, serviceDescriptor } from "@truss-chains/rpc";

/** Where something is deployed: an entry of the platform's `dynamic_chainlet_config`. */
export interface ServiceEntry {
  readonly predict_url?: string;
  readonly internal_url?: { readonly gateway_run_remote_url: string; readonly hostname: string };
}

/** What is deployed elsewhere, by display name. */
export type Services = Readonly<Record<string, ServiceEntry>>;

/** @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when an entry has no address. */
export function localServices(services: Services): DynamicChainletConfig {
  return parseDynamicChainletConfig(JSON.stringify(services));
}

/** @throws ChainsError `DEPENDENCY_NOT_CONFIGURED` when no address is given for the chainlet. */
export function localService(
  { name, displayName }: ChainletDescriptor,
  services: Services,
): ServiceDescriptor {
  if (!Object.hasOwn(services, displayName)) {
    throw new ChainsError(
      "DEPENDENCY_NOT_CONFIGURED",
      `The code of ${name} is not part of this chain, and nothing says where it runs.`,
      {
        fix: `Give its address as "${displayName}" in \`services\`, or an object in its place in \`overrides\`.`,
      },
    );
  }
  // How it is called, the stub knows.
  return serviceDescriptor({ name, displayName }, new RPCOptions(), localServices(services));
}
