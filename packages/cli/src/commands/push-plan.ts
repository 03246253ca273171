import { type PushOptions, planPush } from "@truss-chains/baseten";
import type { PushView } from "../output/push-view.ts";
import { renderPlan } from "../output/render-plan.ts";
import type { Terminal } from "../output/terminal.ts";
import { planWeightsChanges } from "../weights/plan-changes.ts";

export async function planCommand(
  source: string,
  options: PushOptions,
  view: PushView,
  terminal: Terminal,
): Promise<void> {
  const plan = await planPush(source, options);
  const weights = await planWeightsChanges(plan);
  view.close();
  if (terminal.json) terminal.writeJson({ ...plan, weights });
  else terminal.result(renderPlan(plan, weights, terminal.resultStyle));
}
