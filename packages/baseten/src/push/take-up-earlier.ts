import type { CreatedDeployment } from "../api/deploy-chain.ts";
import type { DeployContext } from "./deploy.ts";
import { findByModels } from "./find-deployment.ts";

/** A deployment that an earlier push made without hearing of it. */
export interface EarlierDeployment extends CreatedDeployment {
  /** Of what was deployed. */
  readonly digest: string;
}

/** Finds what an earlier push has deployed whose answer never came. */
export async function takeUpEarlier({
  baseten,
  chainName,
  teamId,
  journal,
}: DeployContext): Promise<EarlierDeployment | undefined> {
  const { sent: digest, modelNames } = journal;
  if (digest === null) return undefined;
  const found = await findByModels(baseten, chainName, teamId, new Set(Object.values(modelNames)));
  return found && { ...found, digest };
}
