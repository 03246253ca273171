import type { Metric } from "./meter.ts";

const labels = [] as const;

/** Figures of the calls that a chainlet serves. */
export const servedCalls = {
  requests: {
    name: "chainlet_requests_total",
    help: "Calls answered, by HTTP status",
    kind: "counter",
    labels: ["status"],
  },
  queueTime: {
    name: "chainlet_queue_seconds",
    help: "Time that calls waited for their turn",
    kind: "histogram",
    labels,
  },
  serviceTime: {
    name: "chainlet_service_seconds",
    help: "Time from a call's turn to the end of its answer",
    kind: "histogram",
    labels,
  },
  firstItemTime: {
    name: "chainlet_first_item_seconds",
    help: "Time from a call's turn to the first item of its stream",
    kind: "histogram",
    labels,
  },
  ongoing: { name: "chainlet_ongoing_requests", help: "Calls being served", kind: "gauge", labels },
  queued: { name: "chainlet_queued_requests", help: "Calls waiting for their turn", kind: "gauge", labels },
} as const satisfies Record<string, Metric>;
