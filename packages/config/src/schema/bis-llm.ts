import type { z } from "zod";
import { freeForm, list } from "./collection.ts";
import { decimal, text } from "./scalar.ts";
import { section } from "./section.ts";

const metric = section(
  { name: text.describe("The metric."), target: decimal.describe("The value to scale towards.") },
  { unknown: "drop" },
);

const autoscaling = section({ metrics: list(metric).describe("Metrics to scale by.") }, { unknown: "drop" });

export const bisLlm = section({
  config: freeForm.nullable().default(null).describe("Settings of the engine."),
  version: text.default("").describe("The version of the stack."),
  additional_autoscaling_config: autoscaling.nullable().default(null).describe("More metrics to scale by."),
});
/** A deployment on the BIS LLM stack. */
export type BisLlm = z.output<typeof bisLlm>;
