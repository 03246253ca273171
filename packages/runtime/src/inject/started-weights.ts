import type { MetricSample } from "@truss-chains/weights";
import type { Logger } from "../logs/logger.ts";
import type { FetchedWeights, WeightsLog } from "./cached-weights.ts";

interface Started {
  readonly weights: FetchedWeights;
  /** Where lines go; until there is a logger they are kept. */
  handOver(logger: Logger): void;
}

// On the global object: what starts the fetching is a module of its own, which must run before all others.
const STARTED = Symbol.for("truss-chains.started-weights");

/** Starts fetching before anything else of a server is loaded. `takeStartedWeights` finds it later. */
export function startWeightsFirst(start: (log: WeightsLog) => FetchedWeights): void {
  const kept: [level: keyof WeightsLog, message: string][] = [];
  let sink = (level: keyof WeightsLog, message: string): void => void kept.push([level, message]);
  const weights = start({
    info: (message) => sink("info", message),
    warn: (message) => sink("warn", message),
    error: (message) => sink("error", message),
  });
  const started: Started = {
    weights,
    handOver(logger) {
      sink = (level, message) => logger.log(level, message);
      for (const [level, message] of kept.splice(0)) sink(level, message);
    },
  };
  (globalThis as { [STARTED]?: Started })[STARTED] = started;
}

/** What fetching has measured; nothing before it has ended well. */
export function startedWeightsMetrics(): readonly MetricSample[] {
  return (globalThis as { [STARTED]?: Started })[STARTED]?.weights.metrics() ?? [];
}

/** What `startWeightsFirst` started; its log lines go to the logger from now on. */
export function takeStartedWeights(logger: Logger): FetchedWeights | undefined {
  const started = (globalThis as { [STARTED]?: Started })[STARTED];
  started?.handOver(logger);
  return started?.weights;
}
