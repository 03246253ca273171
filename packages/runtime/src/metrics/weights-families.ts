import type { MetricSample } from "@truss-chains/weights";
import type { Family } from "./meter.ts";
import { Distribution, Sum } from "./series.ts";

/** What fetching the weights measured, as metrics of a server. */
export function weightsFamilies(samples: readonly MetricSample[]): Family[] {
  return samples.map((sample) => {
    const { name, help, type: kind } = sample;
    const labels = sample.type === "counter" ? sample.labels : {};
    const series = sample.type === "histogram" ? distribution(sample) : new Sum(sample.value);
    return { metric: { name, help, kind, labels: Object.keys(labels) }, all: [{ labels, series }] };
  });
}

function distribution({ buckets, observations }: Extract<MetricSample, { type: "histogram" }>): Distribution {
  const series = new Distribution(buckets);
  for (const value of observations) series.add(value);
  return series;
}
