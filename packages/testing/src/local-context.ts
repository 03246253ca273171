import { dirname, resolve } from "node:path";
import { type ChainletDescriptor, type DeploymentContext, locate, remoteConfigOf } from "@truss-chains/core";
import { createDeploymentContext, mountedAt } from "@truss-chains/runtime";
import { localServices } from "./local-services.ts";
import type { RunLocalOptions } from "./run-local.ts";

/** The `DeploymentContext` of a chainlet on this machine: outside of any environment. */
export function localContext(chainlet: ChainletDescriptor, options: RunLocalOptions): DeploymentContext {
  const { secrets = {}, dataDir = ownDataDir(chainlet), services = {}, weightsDir } = options;
  const { assets } = remoteConfigOf(chainlet.chainletClass);
  return createDeploymentContext(chainlet, {
    secrets: (name) => (Object.hasOwn(secrets, name) ? secrets[name] : undefined),
    declaredSecrets: assets.secretKeys,
    dataDir,
    environment: () => undefined,
    services: () => localServices({ ...inMemory(chainlet), ...services }),
    weights: assets.weights.map(({ mountLocation }) => mountLocation),
    mountedAt: (mountLocation) => mountedAt(weightsDir, mountLocation),
  });
}

/** As a build copies it: relative to the file that declares the chainlet. */
function ownDataDir({ chainletClass }: ChainletDescriptor): string | undefined {
  const { dataDir } = remoteConfigOf(chainletClass).dockerImage;
  const { file } = locate(chainletClass);
  return dataDir === undefined ? undefined : resolve(file === undefined ? "" : dirname(file), dataDir);
}

// What runs in this process has no network address, but a descriptor all the same.
function inMemory({ parameters }: ChainletDescriptor): Record<string, { predict_url: string }> {
  const names = parameters.flatMap((each) =>
    each.kind === "dependency" ? [each.dependency.displayName] : [],
  );
  return Object.fromEntries(names.map((name) => [name, { predict_url: `memory://${name}` }]));
}
