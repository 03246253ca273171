import { ChainsError } from "@truss-chains/errors";
import type { Terminal } from "../output/terminal.ts";
import { openTarget, type TargetOptions } from "./deployment-target.ts";

export interface DeleteOptions extends TargetOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
}

export async function remove(
  { all = false, yes = false, ...target }: DeleteOptions,
  terminal: Terminal,
): Promise<void> {
  const deployment = await openTarget(target, terminal);
  const { chainName, deploymentId } = deployment;
  const what = all
    ? `the chain ${chainName} with all of its deployments`
    : `the deployment ${deploymentId} of ${chainName}`;
  if (!yes && !(await agrees(what, terminal))) {
    terminal.note("Nothing was deleted.");
    return;
  }
  await deployment.delete({ whole: all });
  if (terminal.json)
    terminal.writeJson({ chain: chainName, deploymentId: all ? null : deploymentId, deleted: true });
  else terminal.result(`Deleted ${what}.`);
}

async function agrees(what: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.interactive) {
    throw new ChainsError("USAGE", `Deleting ${what} needs a yes.`, { fix: "Run it with --yes." });
  }
  const { confirm } = await import("@clack/prompts");
  const answer = await confirm({
    message: `Delete ${what}? It cannot be undone.`,
    initialValue: false,
    output: process.stderr,
  });
  return answer === true;
}
