import { type ChainDeployment, openDeployment } from "@truss-chains/baseten";
import type { Terminal } from "../output/terminal.ts";
import { choosing } from "./choose.ts";

/** Which deployment a command is about. */
export interface TargetOptions {
  readonly chain?: string;
  readonly environment?: string;
  readonly deployment?: string;
  readonly draft?: boolean;
  readonly newest?: boolean;
  readonly remote?: string;
  readonly team?: string;
}

/** @param signal ends what the deployment asks of Baseten, too. */
export function openTarget(
  { deployment, ...query }: TargetOptions,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<ChainDeployment> {
  const http = signal && { signal };
  return openDeployment({ ...query, deploymentId: deployment, choose: choosing(terminal), http });
}
