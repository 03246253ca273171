import type { ChainletDescriptor, DeploymentContext } from "@truss-chains/core";
import { addressBook, createDeploymentContext } from "@truss-chains/runtime";
import type { RunLocalOptions } from "./run-local.ts";

/** The `DeploymentContext` of a chainlet on this machine: outside of any environment, weights mounted where they say. */
export function localContext(chainlet: ChainletDescriptor, options: RunLocalOptions): DeploymentContext {
  const { secrets = {}, dataDir, services = {} } = options;
  const { assets } = chainlet.remoteConfig;
  return createDeploymentContext(chainlet, {
    secrets: (name) => (Object.hasOwn(secrets, name) ? secrets[name] : undefined),
    declaredSecrets: assets.secretKeys,
    dataDir,
    environment: () => undefined,
    address: addressBook(services, "`services`"),
    weights: assets.weights.map(({ mountLocation }) => mountLocation),
    mountedAt: (mountLocation) => mountLocation,
  });
}
