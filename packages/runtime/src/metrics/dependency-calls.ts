import type { CallObserver } from "@truss-chains/rpc";
import type { Metric, Recorder } from "./meter.ts";

const labels = ["dependency_chainlet"] as const;

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

/** Counts the calls to dependencies, under the names of the Python package; the histograms are ours. */
export function observeDependencies(meter: Recorder, onRetry: OnRetry): CallObserver {
  const record = (metric: Metric, value: number, dependency: string): void =>
    meter.record(metric, value, { dependency_chainlet: dependency });
  return {
    queued(dependency) {
      record(metrics.queued, 1, dependency);
      record(metrics.total, 1, dependency);
    },
    started(dependency, waitedMs) {
      record(metrics.queued, -1, dependency);
      record(metrics.ongoing, 1, dependency);
      record(metrics.started, 1, dependency);
      record(metrics.queueTime, waitedMs / 1000, dependency);
    },
    finished(dependency, { durationMs }) {
      record(metrics.ongoing, -1, dependency);
      record(metrics.total, -1, dependency);
      record(metrics.time, durationMs / 1000, dependency);
    },
    abandoned(dependency) {
      record(metrics.queued, -1, dependency);
      record(metrics.total, -1, dependency);
    },
    retrying(dependency, attempt, delayMs, error) {
      const reason = error instanceof Error ? error.message : String(error);
      onRetry(`Attempt ${attempt} to call ${dependency} failed; the next follows.`, {
        delay_ms: Math.round(delayMs),
        reason,
      });
    },
  };
}
