import { type MessagePort, parentPort } from "node:worker_threads";
import { type ChainletClass, describeChainlet } from "@truss-chains/core";
import { healthCheckOf } from "../lifecycle/health-check.ts";
import { type ChainletWorld, loadChainlet } from "../lifecycle/load-chainlet.ts";
import { Readiness } from "../lifecycle/readiness.ts";
import type { Recorder } from "../metrics/meter.ts";
import type { FromWorker } from "./messages.ts";
import { servePort } from "./serve-port.ts";

/**
 * Constructs the chainlet in this worker thread, and takes the calls that the main thread passes on.
 *
 * @throws ChainsError what kept the chainlet from being constructed.
 */
export async function serveInWorker(cls: ChainletClass, world: Omit<ChainletWorld, "meter">): Promise<void> {
  const port = parentPort!;
  const { handler, instance } = await loadChainlet(describeChainlet(cls), {
    ...world,
    meter: remoteRecorder(port),
  });
  const readiness = new Readiness(cls.name, world.logger);
  readiness.ready(healthCheckOf(cls.name, instance, world.logger));
  servePort(port, handler, () => readiness.check());
  port.postMessage({ kind: "ready" } satisfies FromWorker);
}

/** Measurements are kept by the main thread, which is asked for them. */
function remoteRecorder(port: MessagePort): Recorder {
  return {
    series: (metric, labels = {}) => ({
      add(value) {
        port.postMessage({ kind: "metric", metric, value, labels } satisfies FromWorker);
      },
    }),
  };
}
