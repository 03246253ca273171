import { z } from "zod";
import type { Baseten } from "./baseten.ts";

const promoted = z.object({ id: z.string() });

/** Makes a deployment the one that an environment serves. */
export async function promoteDeployment(
  { rest }: Baseten,
  chainId: string,
  deploymentId: string,
  environment: string,
): Promise<void> {
  const path = `/v1/chains/${encodeURIComponent(chainId)}/environments/${encodeURIComponent(environment)}/promote`;
  await rest.post(path, { deployment_id: deploymentId, scale_down_previous_deployment: true }, promoted);
}

const environments = z.object({
  environments: z.array(
    z.object({ name: z.string(), current_deployment: z.object({ id: z.string() }).nullish() }),
  ),
});

export interface ChainEnvironment {
  readonly name: string;
  /** The deployment that it serves; undefined before the first promotion. */
  readonly deploymentId: string | undefined;
}

/** The environments of a chain, `production` among them. */
export async function listEnvironments(
  { rest }: Baseten,
  chainId: string,
): Promise<readonly ChainEnvironment[]> {
  const path = `/v1/chains/${encodeURIComponent(chainId)}/environments`;
  const answer = await rest.get(path, environments);
  return answer.environments.map(({ name, current_deployment }) => ({
    name,
    deploymentId: current_deployment?.id,
  }));
}
