import type { Terminal } from "../output/terminal.ts";
import { openTarget, type TargetOptions } from "./deployment-target.ts";

export interface PromoteOptions extends TargetOptions {
  readonly to: string;
}

export async function promote({ to, ...target }: PromoteOptions, terminal: Terminal): Promise<void> {
  const deployment = await openTarget({ ...target, newest: true }, terminal);
  await deployment.promote(to);
  const { chainName, deploymentId } = deployment;
  if (terminal.json) terminal.writeJson({ chain: chainName, deploymentId, environment: to });
  else terminal.result(`${to} of ${chainName} serves ${deploymentId}.`);
}
