import type { CallObserver } from "@truss-chains/rpc";
import type { Metric, Recorder } from "./meter.ts";

const labels = ["dependency_chainlet"] as const;

/** Under the names of the Python package; the histograms are ours. */
const metrics = {
  ongoing: { name: "dependency_chainlet_ongoing_requests", help: "Calls under way", kind: "gauge", labels },
  queued: {
    name: "dependency_chainlet_queued_requests",
    help: "Calls waiting for their turn",
    kind: "gauge",
    labels,
  },
  total: {
    name: "dependency_chainlet_total_requests",
    help: "Calls under way or waiting",
    kind: "gauge",
    labels,
  },
  started: { name: "dependency_chainlet_requests_total", help: "Attempts started", kind: "counter", labels },
  queueTime: {
    name: "dependency_chainlet_queue_seconds",
    help: "Time that calls waited",
    kind: "histogram",
    labels,
  },
  time: {
    name: "dependency_chainlet_request_seconds",
    help: "Time of an attempt",
    kind: "histogram",
    labels,
  },
} as const satisfies Record<string, Metric>;

/** What is told about a retry. */
export type OnRetry = (message: string, fields: Readonly<Record<string, unknown>>) => void;

/** Counts the calls to a dependency. */
export function observeCalls(dependency: string, meter: Recorder, onRetry: OnRetry): CallObserver {
  const of = (metric: Metric) => meter.series(metric, { dependency_chainlet: dependency });
  const ongoing = of(metrics.ongoing);
  const queued = of(metrics.queued);
  const total = of(metrics.total);
  const started = of(metrics.started);
  const queueTime = of(metrics.queueTime);
  const time = of(metrics.time);
  return {
    queued() {
      queued.add(1);
      total.add(1);
    },
    started(waitedMs) {
      queued.add(-1);
      ongoing.add(1);
      started.add(1);
      queueTime.add(waitedMs / 1000);
    },
    finished({ durationMs }) {
      ongoing.add(-1);
      total.add(-1);
      time.add(durationMs / 1000);
    },
    abandoned() {
      queued.add(-1);
      total.add(-1);
    },
    retrying(attempt, delayMs, error) {
      const reason = error instanceof Error ? error.message : String(error);
      onRetry(`Attempt ${attempt} to call ${dependency} failed; the next follows.`, {
        delay_ms: Math.round(delayMs),
        reason,
      });
    },
  };
}
