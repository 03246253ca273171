import type { Metric as PrometheusMetric } from "prom-client";
import type { Family, Labels } from "./meter.ts";
import { type Distribution, Sum } from "./series.ts";

/** Figures in a format that a monitoring system reads. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

interface Figure {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** In Prometheus' text format. The library that writes it is loaded by the first who asks. */
export async function toPrometheus(families: readonly Family[]): Promise<Exposition> {
  const { Registry } = await import("prom-client");
  const registry = new Registry();
  for (const { metric, all } of families) {
    const { name, help, kind: type } = metric;
    const values = all.flatMap(({ labels, series }) =>
      series instanceof Sum
        ? [{ metricName: name, labels, value: series.value }]
        : figuresOf(name, labels, series),
    );
    // The library's own metrics look their series up by their labels for every measurement. The registry asks a metric for
    // no more than this.
    const shown = { name, get: async () => ({ name, help, type, values, aggregator: "sum" }) };
    registry.registerMetric(shown as unknown as PrometheusMetric);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}

/** A histogram's buckets, each with all values up to its bound. */
function figuresOf(name: string, labels: Labels, { bounds, counts, sum }: Distribution): Figure[] {
  let total = 0;
  const buckets = [...counts].map((count, index): Figure => {
    total += count;
    return {
      metricName: `${name}_bucket`,
      labels: { le: bounds[index] ?? "+Inf", ...labels },
      value: total,
    };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: total },
  ];
}
