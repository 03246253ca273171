import { join } from "node:path";
import type { ChainletDescriptor } from "@truss-chains/core";
import { createStub } from "@truss-chains/rpc";
import { mountedAddresses } from "../inject/addresses.ts";
import { connect } from "../inject/connect.ts";
import { startupError } from "../inject/construct.ts";
import { createDeploymentContext } from "../inject/deployment-context.ts";
import { readEnvironment } from "../inject/environment.ts";
import { mountedSecrets, type SecretLookup } from "../inject/secrets.ts";
import type { Logger } from "../logs/logger.ts";
import { toRequestLog } from "../logs/request-log.ts";
import { observeDependencies } from "../metrics/dependency-calls.ts";
import type { Meter } from "../metrics/meter.ts";
import { type BuiltChainlet, buildChainlet } from "./build-chainlet.ts";
import { type Mounts, mountedAt } from "./mounts.ts";
import type { ServeConfig } from "./serve-options.ts";

/**
 * Constructs the chainlet of this process, with everything its constructor asks for.
 *
 * @throws ChainsError what kept it from being constructed, with the parameter or the line of its source.
 */
export async function loadChainlet(
  chainlet: ChainletDescriptor,
  config: ServeConfig,
  mounts: Mounts,
  { logger, meter }: { readonly logger: Logger; readonly meter: Meter },
): Promise<BuiltChainlet> {
  const secrets = mountedSecrets(mounts.secretsDir, process.env);
  const address = mountedAddresses(mounts.dynamicConfigDir);
  const observer = observeDependencies(meter, (message, fields) => logger.log("info", message, fields));
  const context = createDeploymentContext(chainlet, {
    secrets,
    declaredSecrets: config.secrets,
    dataDir: config.dataDir === null ? undefined : join(mounts.appHome, config.dataDir),
    environment: () => readEnvironment(mounts.dynamicConfigDir),
    address,
    weights: config.weights,
    mountedAt: (mountLocation) => mountedAt(mounts, mountLocation),
  });
  try {
    return buildChainlet(
      chainlet,
      {
        context: () => context,
        dependency: ({ dependency, options }) => {
          const transport = connect(chainlet.name, address(dependency.displayName), secrets);
          return createStub(dependency, { transport, options, observer });
        },
        resolver: () => {},
      },
      {
        contract: config.contract,
        streamGapMs: config.streamingReadTimeout * 1000,
        log: toRequestLog(logger),
        onFailure: (error, message) => logger.log("error", message, { err: error }),
        secrets: () => valuesOf(config.secrets, secrets),
      },
    );
  } catch (error) {
    throw await startupError(chainlet, error);
  }
}

function valuesOf(names: readonly string[], lookup: SecretLookup): string[] {
  return names.flatMap((name) => lookup(name) || []);
}
