import type { Counter, Gauge, Histogram } from "prom-client";
import type { Meter, Metric } from "./meter.ts";

// From an answer out of memory to a long generation; seconds.
const BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
];

/** Keeps the figures in a registry of prom-client, without its default collectors. */
export async function loadPrometheus(): Promise<Meter> {
  const { Counter, Gauge, Histogram, Registry } = await import("prom-client");
  const registry = new Registry();
  const known = new Map<Metric, Counter | Gauge | Histogram>();
  const create = ({ name, help, kind, labels }: Metric): Counter | Gauge | Histogram => {
    const options = { name, help, labelNames: labels as string[], registers: [registry] };
    if (kind === "counter") return new Counter(options);
    return kind === "gauge" ? new Gauge(options) : new Histogram({ ...options, buckets: BUCKETS });
  };
  return {
    record(metric, value, labels) {
      const series = known.get(metric) ?? create(metric);
      known.set(metric, series);
      if ("observe" in series) series.observe(labels, value);
      else series.inc(labels, value);
    },
    show({ name, help }, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
