import type { Baseten } from "../api/baseten.ts";
import { readDeployment } from "../api/chain-status.ts";
import { listChains, listDeployments } from "../api/chains.ts";
import type { CreatedDeployment } from "../api/deploy-chain.ts";

/** Newer ones than ours may have come since, but not many. */
const LOOKED_AT = 5;

/** The chain of a name in a team. */
export async function findChain(
  baseten: Baseten,
  name: string,
  teamId: string | undefined,
): Promise<{ readonly id: string } | undefined> {
  return (await listChains(baseten, teamId)).find((chain) => chain.name === name);
}

/** The deployment that was made with these names of models, if there is one. */
export async function findByModels(
  baseten: Baseten,
  chainName: string,
  teamId: string | undefined,
  modelNames: ReadonlySet<string>,
): Promise<CreatedDeployment | undefined> {
  const chain = await findChain(baseten, chainName, teamId);
  if (!chain) return undefined;
  for (const { id } of (await listDeployments(baseten, chain.id)).slice(0, LOOKED_AT)) {
    const deployment = await readDeployment(baseten, id);
    const entrypoint = deployment?.chainlets.find(({ model }) => modelNames.has(model.name));
    if (!entrypoint) continue;
    const { model } = entrypoint;
    return { deploymentId: id, chainId: chain.id, hostname: chainHostname(model, chain.id) };
  }
  return undefined;
}

/** The address of a chain, by that of one of its models: they differ in `model-<id>` and `chain-<id>` alone. */
export function chainHostname(
  model: { readonly id: string; readonly hostname: string },
  chainId: string,
): string {
  return model.hostname.replace(`model-${model.id}`, `chain-${chainId}`);
}
