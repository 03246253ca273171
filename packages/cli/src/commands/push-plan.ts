import { type PushOptions, planPush } from "@truss-chains/baseten";
import type { PushView } from "../output/push-view.ts";
import { renderPlan } from "../output/render-plan.ts";
import type { Terminal } from "../output/terminal.ts";

export async function planCommand(
  source: string,
  options: PushOptions,
  view: PushView,
  terminal: Terminal,
): Promise<void> {
  const plan = await planPush(source, options);
  await view.close();
  if (terminal.json) terminal.writeJson(plan);
  else terminal.result(renderPlan(plan, terminal.resultStyle));
}
