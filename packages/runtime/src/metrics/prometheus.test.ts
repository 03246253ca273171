import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { Meter, type Metric } from "./meter.ts";
import { toPrometheus } from "./prometheus.ts";
import { BOUNDS } from "./series.ts";

const metric = (kind: Metric["kind"], name: string, labels: readonly string[] = []): Metric => ({
  name,
  help: `A ${kind}`,
  kind,
  labels,
});

test("figures read as those of prom-client's own metrics", async () => {
  const meter = new Meter();
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ["peer"];

  const calls = new Counter({ name: "calls_total", help: "A counter", labelNames, registers });
  for (const [peer, count] of [
    ["a", 2],
    ['"quoted"\\', 1],
    ["a", 3],
  ] as const) {
    calls.inc({ peer }, count);
    meter.series(metric("counter", "calls_total", labelNames), { peer }).add(count);
  }

  const seconds = new Histogram({
    name: "seconds",
    help: "A histogram",
    labelNames,
    buckets: [...BOUNDS],
    registers,
  });
  for (const value of [0, 0.001, 0.0011, 0.3, 600, 601, 10_000]) {
    seconds.observe({ peer: "a" }, value);
    meter.series(metric("histogram", "seconds", labelNames), { peer: "a" }).add(value);
  }

  new Gauge({ name: "waiting", help: "A gauge", registers }).set(7);
  meter.show(metric("gauge", "waiting"), () => 7);

  const { contentType, text } = await toPrometheus(meter.families());
  expect(contentType).toBe(registry.contentType);
  expect(text).toBe(await registry.metrics());
});
