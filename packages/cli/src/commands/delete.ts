import { openChain } from "@truss-chains/baseten";
import { ChainsError } from "@truss-chains/errors";
import type { Terminal } from "../output/terminal.ts";
import { choosing } from "./choose.ts";
import { confirming } from "./confirming.ts";
import { openTarget, type TargetOptions } from "./deployment-target.ts";

export interface DeleteOptions extends TargetOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
}

export async function remove(options: DeleteOptions, terminal: Terminal): Promise<void> {
  const { chain, deploymentId, what, remove } = await find(options, terminal);
  if (options.yes !== true && !(await agrees(what, terminal))) {
    terminal.note(NOTHING_DELETED);
    return;
  }
  await remove();
  if (terminal.json) terminal.writeJson({ chain, deploymentId, deleted: true });
  else terminal.result(`Deleted ${what}.`);
}

interface Found {
  readonly chain: string;
  /** Null for the whole chain. */
  readonly deploymentId: string | null;
  readonly what: string;
  remove(): Promise<void>;
}

async function find({ all, yes: _, ...target }: DeleteOptions, terminal: Terminal): Promise<Found> {
  if (all !== true) {
    const deployment = await openTarget(target, terminal);
    const { chainName: chain, deploymentId } = deployment;
    const what = `the deployment ${deploymentId} of ${chain}`;
    return { chain, deploymentId, what, remove: () => deployment.delete() };
  }
  const { environment, deployment, draft, ...query } = target;
  if (environment !== undefined || deployment !== undefined || draft === true) {
    throw new ChainsError("USAGE", "--all deletes every deployment, so it does not go with one of them.", {
      fix: "Leave out --all, or what names a deployment.",
    });
  }
  const chain = await openChain({ ...query, choose: choosing(terminal) });
  const what = `the chain ${chain.name} with all of its deployments`;
  return { chain: chain.name, deploymentId: null, what, remove: () => chain.delete() };
}

const NOTHING_DELETED = "Nothing was deleted.";

async function agrees(what: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.interactive) {
    throw new ChainsError("USAGE", `Deleting ${what} needs a yes.`, { fix: "Run it with --yes." });
  }
  return confirming(`Delete ${what}? It cannot be undone.`, NOTHING_DELETED);
}
