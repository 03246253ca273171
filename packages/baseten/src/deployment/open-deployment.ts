import { resolveAccount } from "../accounts/resolve-account.ts";
import { type Baseten, openBaseten } from "../api/baseten.ts";
import { type DeployedChainlet, readDeployment } from "../api/chain-status.ts";
import { type ChainSummary, type DeploymentSummary, listDeployments } from "../api/chains.ts";
import { readDeployedConfig } from "../api/deployed-config.ts";
import { listEnvironments } from "../api/environments.ts";
import { chainHostname } from "../push/find-deployment.ts";
import { ChainDeployment } from "./chain-deployment.ts";
import { endpointKindOf, endpointOf } from "./deployed-endpoint.ts";
import { needEnvironment } from "./need-environment.ts";
import { type ChainQuery, notFound, pickChain } from "./open-chain.ts";

/** Which deployment of which chain. */
export interface DeploymentQuery extends ChainQuery {
  readonly deploymentId?: string | undefined;
  readonly environment?: string | undefined;
  /** The development deployment. */
  readonly draft?: boolean | undefined;
  /** In place of what production serves: the newest deployment that is not for development. */
  readonly newest?: boolean | undefined;
}

/**
 * A chain that was deployed earlier: the deployment that is named, else what an environment serves, else the
 * development one, else what production serves, else the newest.
 *
 * @throws ChainsError `CHAIN_NOT_FOUND`; `USAGE` when several chains could be meant.
 */
export async function openDeployment(query: DeploymentQuery = {}): Promise<ChainDeployment> {
  const baseten = openBaseten(await resolveAccount(query), query.http);
  const chain = await pickChain(baseten, query);
  const { id, is_draft: isDraft } = await pickDeployment(baseten, chain, query);
  const state = await readDeployment(baseten, id);
  const [entrypoint] = state?.chainlets ?? [];
  if (!entrypoint)
    throw notFound(`The deployment ${id} of ${chain.name} has no chainlets.`, "Push the chain again.");
  return new ChainDeployment(baseten, {
    chainName: chain.name,
    chainId: chain.id,
    deploymentId: id,
    hostname: chainHostname(entrypoint.model, chain.id),
    isDraft,
    environment: query.environment,
    ...(await readEndpoint(baseten, entrypoint)),
  });
}

async function readEndpoint(baseten: Baseten, { model, versionId }: DeployedChainlet) {
  const config = await readDeployedConfig(baseten, model.id, versionId);
  return { endpoint: endpointKindOf(config), schemas: endpointOf(config) };
}

async function pickDeployment(
  baseten: Baseten,
  chain: ChainSummary,
  { deploymentId, environment, draft = false, newest = false }: DeploymentQuery,
): Promise<DeploymentSummary> {
  const all = await listDeployments(baseten, chain.id);
  const isByKind = draft || (newest && environment === undefined);
  const wanted = deploymentId ?? (isByKind ? undefined : await servedBy(baseten, chain, environment));
  const found =
    wanted !== undefined
      ? all.find(({ id }) => id === wanted)
      : isByKind
        ? all.find((each) => each.is_draft === draft)
        : all[0];
  if (found) return found;
  const what = deploymentId ?? (draft ? "for development" : "at all");
  throw notFound(
    `${chain.name} has no deployment ${what}.`,
    `Push it with chains ${draft ? "watch" : "push"}, or look at chains status.`,
  );
}

async function servedBy(
  baseten: Baseten,
  chain: ChainSummary,
  environment: string | undefined,
): Promise<string | undefined> {
  if (environment === undefined) {
    const environments = await listEnvironments(baseten, chain.id);
    return environments.find(({ name }) => name === "production")?.deploymentId;
  }
  const { deploymentId } = await needEnvironment(baseten, chain, environment);
  if (deploymentId !== undefined) return deploymentId;
  throw notFound(
    `Nothing is deployed to ${environment} of ${chain.name}.`,
    "Promote a deployment with chains promote.",
  );
}
