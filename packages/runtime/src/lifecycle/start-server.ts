import { type ChainletClass, describeChainlet } from "@truss-chains/core";
import type { Handler } from "../handler/answer.ts";
import { Gate } from "../handler/gate.ts";
import { limited } from "../handler/limited.ts";
import { notReady } from "../handler/not-ready.ts";
import { livenessRoute, readinessRoute, schemaRoute } from "../http/health-routes.ts";
import { InFlight } from "../http/in-flight.ts";
import { metricsRoute } from "../http/metrics-route.ts";
import { createPredictRoute } from "../http/predict-route.ts";
import type { Route, RouteTable } from "../http/routes.ts";
import { createHttpServer } from "../http/server.ts";
import type { Logger } from "../logs/logger.ts";
import { createMeter, type Meter } from "../metrics/meter.ts";
import { loadPrometheus } from "../metrics/prometheus.ts";
import { drain } from "./drain.ts";
import { Readiness } from "./health.ts";
import { loadChainlet } from "./load-chainlet.ts";
import type { Mounts } from "./mounts.ts";
import type { ServeConfig } from "./serve-options.ts";

const BODY_LIMITS = { bytes: 100 * 1024 * 1024, idleMs: 60_000 };
const QUEUE_LIMITS = { waiting: 1024, waitingBytes: 512 * 1024 * 1024 };

/** A chainlet that takes calls. */
export interface RunningServer {
  readonly port: number;
  /** Takes no more calls, and resolves when those under way ended, or were ended. */
  stop(): Promise<void>;
}

/**
 * Serves a chainlet: listens at once, so that probes are answered, then constructs it and takes calls.
 *
 * @throws ChainsError `PORT_IN_USE`, or whatever kept the chainlet from being constructed; nothing is left listening.
 */
export async function startServer(
  cls: ChainletClass,
  config: ServeConfig,
  mounts: Mounts,
  logger: Logger,
): Promise<RunningServer> {
  const readiness = new Readiness(config.name, logger);
  const inFlight = new InFlight();
  const meter = createMeter(loadPrometheus);
  let handler: Handler = notReady(config.name);
  const routes = routeTable(config, {
    predict: createPredictRoute((request) => handler(request), inFlight, BODY_LIMITS),
    readiness: readinessRoute(readiness),
    meter,
  });
  const server = createHttpServer(routes);
  const port = await server.listen(mounts.port ?? config.port, mounts.host);
  try {
    const chainlet = await loadChainlet(describeChainlet(cls), config, mounts, { logger, meter });
    const gate = new Gate({ concurrency: config.predictConcurrency, ...QUEUE_LIMITS });
    handler = limited(chainlet.handler, gate, meter);
    readiness.ready(chainlet.instance);
  } catch (error) {
    server.destroy();
    await server.close();
    throw error;
  }
  return {
    port,
    async stop() {
      handler = notReady(config.name);
      await drain({ server, readiness, inFlight, logger }, mounts.drainSeconds);
    },
  };
}

function routeTable(
  { endpoints, contract }: ServeConfig,
  routes: { readonly predict: Route; readonly readiness: Route; readonly meter: Meter },
): RouteTable {
  return new Map([
    [endpoints.predict, routes.predict],
    [endpoints.readiness, routes.readiness],
    [endpoints.liveness, livenessRoute],
    ["/metrics", metricsRoute(routes.meter)],
    ["/schema", schemaRoute(contract)],
  ]);
}
