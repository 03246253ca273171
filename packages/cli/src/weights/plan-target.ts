import { dirname, join, resolve } from "node:path";
import {
  planWeights,
  readSettings,
  type Settings,
  sourceContext,
  type WeightsPlan,
} from "@truss-chains/weights";
import { startStep } from "../output/step.ts";
import type { Terminal } from "../output/terminal.ts";
import { readRequests } from "./requests.ts";

/** Weights as their sources list them now. */
export interface PlannedTarget {
  readonly plan: WeightsPlan;
  readonly settings: Settings;
  readonly files: readonly string[];
  /** Where `chains.lock` belongs: beside the source. */
  readonly lockfile: string;
}

/** Reads what a target asks for and lists its sources. */
export async function planTarget(
  target: string,
  entrypoint: string | undefined,
  directory: string,
  terminal: Terminal,
): Promise<PlannedTarget> {
  const { requests, files } = await readRequests(target, entrypoint);
  const settings = readSettings(process.env);
  const step = startStep(terminal, "Listing the sources");
  const context = sourceContext(settings, process.env, () => {});
  const plan = await planWeights(requests, { context, dir: resolve(directory) });
  step.done(`Listed ${plan.sources.length} ${plan.sources.length === 1 ? "source" : "sources"}`);
  for (const warning of plan.warnings) terminal.warn(warning);
  return { plan, settings, files, lockfile: join(dirname(resolve(target)), "chains.lock") };
}
