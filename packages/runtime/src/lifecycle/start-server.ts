import { type ChainletClass, describeChainlet } from "@truss-chains/core";
import { tellingContract } from "../handler/contract.ts";
import { Gate } from "../handler/gate.ts";
import { limited } from "../handler/limited.ts";
import { notReady } from "../handler/not-ready.ts";
import { livenessRoute, readinessRoute, schemaRoute } from "../http/health-routes.ts";
import { InFlight } from "../http/in-flight.ts";
import { metricsRoute } from "../http/metrics-route.ts";
import { createPredictRoute } from "../http/predict-route.ts";
import type { Route, RouteTable } from "../http/routes.ts";
import { createHttpServer } from "../http/server.ts";
import { startedWeightsMetrics } from "../inject/started-weights.ts";
import { toRequestLog } from "../logs/request-log.ts";
import { Meter } from "../metrics/meter.ts";
import { servedCalls } from "../metrics/served-calls.ts";
import { weightsFamilies } from "../metrics/weights-families.ts";
import { declineSockets } from "../sockets/decline.ts";
import { heartbeatOf } from "../sockets/heartbeat.ts";
import { messageTypes } from "../sockets/messages.ts";
import { acceptSockets } from "../sockets/upgrade.ts";
import { drain } from "./drain.ts";
import type { ChainletWorld } from "./load-chainlet.ts";
import { Readiness } from "./readiness.ts";
import { type CallServer, serveCalls } from "./serve-calls.ts";
import type { ServeConfig } from "./serve-options.ts";

const BODY_LIMITS = { bytes: 100 * 1024 * 1024, idleMs: 60_000 };
const QUEUE_LIMITS = { waiting: 1024, waitingBytes: 512 * 1024 * 1024 };

/** What a server is started with. */
export type ServerWorld = Omit<ChainletWorld, "meter">;

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
export async function startServer(cls: ChainletClass, world: ServerWorld): Promise<RunningServer> {
  const { config, mounts, logger } = world;
  const chainlet = describeChainlet(cls);
  const readiness = new Readiness(config.name, logger);
  const inFlight = new InFlight();
  const meter = new Meter();
  const gate = new Gate({ concurrency: config.predictConcurrency, ...QUEUE_LIMITS });
  meter.show(servedCalls.ongoing, () => gate.held);
  meter.show(servedCalls.queued, () => gate.waiting);
  meter.include(() => weightsFamilies(startedWeightsMetrics()));
  const unready = notReady(config.name);
  let handler = unready;
  let calls: CallServer | undefined;
  const answer = tellingContract((request) => handler(request), config.contract);
  const routes = routeTable(config, {
    predict: createPredictRoute(answer, inFlight, BODY_LIMITS),
    readiness: readinessRoute(readiness),
    meter,
  });
  const types = messageTypes(chainlet.endpoint, config.contract.schemas);
  const accept =
    types &&
    acceptSockets({
      path: config.endpoints.predict,
      inFlight,
      heartbeat: heartbeatOf(config.pings),
      chainlet: () =>
        readiness.phase === "ready" && calls?.endpoint
          ? { name: config.name, endpoint: calls.endpoint, gate, log: toRequestLog(logger), types }
          : undefined,
    });
  const server = createHttpServer(routes, accept ?? declineSockets);
  const port = await server.listen(mounts.port ?? config.port, mounts.host);
  try {
    calls = await serveCalls(chainlet, { ...world, meter });
    handler = limited(calls.handler, gate, meter);
    readiness.ready(calls.health);
  } catch (error) {
    server.destroy();
    await server.close();
    throw error;
  }
  return {
    port,
    async stop() {
      handler = unready;
      await drain({ server, readiness, inFlight, logger }, mounts.drainSeconds);
      await calls?.stop();
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
