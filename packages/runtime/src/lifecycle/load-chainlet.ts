import { join } from "node:path";
import type { ChainletDescriptor } from "@truss-chains/core";
import { addressOf, createStub, instrumentDeployed, serviceDescriptor, warmUp } from "@truss-chains/rpc";
import type { Injector } from "../inject/arguments.ts";
import { type FetchedWeights, startWeights, weightsArrived } from "../inject/cached-weights.ts";
import { connect } from "../inject/connect.ts";
import { startupError } from "../inject/construct.ts";
import { createDeploymentContext } from "../inject/deployment-context.ts";
import { readEnvironment } from "../inject/environment.ts";
import { mountedServices } from "../inject/mounted-services.ts";
import { mountedSecrets } from "../inject/secrets.ts";
import type { Logger } from "../logs/logger.ts";
import { toRequestLog } from "../logs/request-log.ts";
import { withPlaces } from "../logs/with-places.ts";
import type { Recorder } from "../metrics/meter.ts";
import { observeDependencies } from "../metrics/observe-dependencies.ts";
import { loadTracing, type TracingSlot, traced } from "../telemetry/tracing.ts";
import { type BuiltChainlet, buildChainlet } from "./build-chainlet.ts";
import { type Mounts, mountedAt } from "./mounts.ts";
import type { ServeConfig } from "./serve-options.ts";

/** The HTTP client takes its time to load: after the first probe was answered, before the first call is made. */
const WARM_UP_AFTER_MS = 100;

/** What a chainlet is loaded with. */
export interface ChainletWorld {
  readonly config: ServeConfig;
  readonly mounts: Mounts;
  readonly logger: Logger;
  /** Values of secrets that this process has looked up. */
  readonly secretValues: Set<string>;
  readonly meter: Recorder;
}

/**
 * Constructs the chainlet of this process, with everything its constructor asks for. Resolves when its cached weights
 * are in place too.
 *
 * @throws ChainsError what kept it from being constructed, with the parameter or the line of its source.
 */
export async function loadChainlet(
  chainlet: ChainletDescriptor,
  world: ChainletWorld,
): Promise<BuiltChainlet> {
  // A constructor that does not ask for the resolver expects its files to be there.
  const isAskedFor = chainlet.parameters.some(({ kind }) => kind === "resolver");
  const weights = isAskedFor || world.config.modelCache ? await startWeights(world.logger) : undefined;
  if (weights && !isAskedFor) await weightsArrived(weights);
  try {
    const slot: TracingSlot = { current: undefined };
    const built = construct(chainlet, world, weights, slot);
    if (weights) await weightsArrived(weights);
    if (chainlet.parameters.some(({ kind }) => kind === "dependency"))
      setTimeout(warmUp, WARM_UP_AFTER_MS).unref();
    // Asked for after the constructor, so that it may set the SDK up.
    const tracing = await loadTracing();
    if (!tracing) return built;
    slot.current = tracing;
    return { ...built, handler: (request) => tracing.serve(chainlet.name, request, built.handler) };
  } catch (error) {
    throw await startupError(chainlet, error);
  }
}

function construct(
  chainlet: ChainletDescriptor,
  world: ChainletWorld,
  weights: FetchedWeights | undefined,
  slot: TracingSlot,
): BuiltChainlet {
  const { config, mounts, logger, meter, secretValues } = world;
  const secrets = mountedSecrets(mounts.secretsDir, process.env, secretValues);
  const services = mountedServices(mounts.dynamicConfigDir);
  const observe = observeDependencies(meter, logger);
  const context = createDeploymentContext(chainlet, {
    secrets,
    declaredSecrets: config.secrets,
    dataDir: config.dataDir === null ? undefined : join(mounts.appHome, config.dataDir),
    environment: () => readEnvironment(mounts.dynamicConfigDir),
    services,
    weights: config.weights,
    mountedAt: (mountLocation) => mountedAt(mounts.weightsRoot, mountLocation),
  });
  instrumentDeployed({ observe, traced: (transport, target) => traced(transport, target, slot) });
  const injector: Injector = {
    context: () => context,
    dependency: ({ dependency, options }) => {
      const service = serviceDescriptor(dependency, options, services());
      const target = { name: dependency.name, url: addressOf(service).url };
      const transport = traced(connect(chainlet.name, service, secrets), target, slot);
      return createStub(dependency, { transport, options, observer: observe(dependency.name) });
    },
    resolver: () => weights,
  };
  return buildChainlet(chainlet, injector, {
    contract: config.contract,
    streamGapMs: config.streamingReadTimeout * 1000,
    log: toRequestLog(logger),
    onFailure: async (error, message) => logger.log("error", message, { err: await withPlaces(error) }),
    secrets: () => [...secretValues],
  });
}
