import type { ChainletDescriptor } from "@truss-chains/core";
import type { Handler } from "../handler/answer.ts";
import type { Endpoint } from "../handler/endpoint.ts";
import { WorkerPool } from "../workers/pool.ts";
import { type HealthCheck, healthCheckOf } from "./health-check.ts";
import { type ChainletWorld, loadChainlet } from "./load-chainlet.ts";

/** What takes the calls of a server. */
export interface CallServer {
  readonly handler: Handler;
  readonly health: HealthCheck;
  /** The endpoint in this thread; undefined when it runs in others. */
  readonly endpoint: Endpoint | undefined;
  stop(): Promise<void>;
}

/**
 * The chainlet in this thread or, when it asks for them, in worker threads. A chainlet with a WebSocket cannot ask.
 *
 * @throws ChainsError what kept the chainlet from being constructed.
 */
export async function serveCalls(chainlet: ChainletDescriptor, world: ChainletWorld): Promise<CallServer> {
  const { config, logger, meter } = world;
  if (config.workerThreads === 0) {
    const { handler, instance, endpoint } = await loadChainlet(chainlet, world);
    const health = healthCheckOf(chainlet.name, instance, logger);
    return { handler, health, endpoint, stop: async () => {} };
  }
  const pool = await WorkerPool.start({
    chainlet: chainlet.name,
    threads: config.workerThreads,
    entry: process.argv[1]!,
    hasHealthCheck: chainlet.hasHealthCheck,
    logger,
    meter,
  });
  return { handler: pool.handler, health: pool.health, endpoint: undefined, stop: () => pool.stop() };
}
