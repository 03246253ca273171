import { z } from "zod";
import type { Baseten } from "./baseten.ts";
import { literal } from "./graphql.ts";

/** A chainlet's state as the product shows it. */
export type ChainletStatus =
  | "BUILDING"
  | "DEPLOYING"
  | "DEPLOY_FAILED"
  | "LOADING_MODEL"
  | "ACTIVE"
  | "UNHEALTHY"
  | "BUILD_FAILED"
  | "BUILD_STOPPED"
  | "DEACTIVATING"
  | "INACTIVE"
  | "FAILED"
  | "UPDATING"
  | "SCALED_TO_ZERO"
  | "WAKING_UP"
  | "UNKNOWN";

export interface DeployedChainlet {
  readonly id: string;
  /** Display name. */
  readonly name: string;
  readonly isEntrypoint: boolean;
  readonly status: ChainletStatus;
  readonly isDraft: boolean;
  /** The model that carries the chainlet. Its name is unique to one push. */
  readonly model: { readonly id: string; readonly name: string; readonly hostname: string };
  /** Version of that model: a deployment, in the words of the REST API. */
  readonly versionId: string;
}

export interface DeployedChain {
  readonly chainId: string;
  readonly deploymentId: string;
  /** The entrypoint first, then by name. */
  readonly chainlets: readonly DeployedChainlet[];
}

const SHOWN: Readonly<Record<string, ChainletStatus>> = {
  BUILDING_MODEL: "BUILDING",
  DEPLOYING_MODEL: "DEPLOYING",
  MODEL_DEPLOY_FAILED: "DEPLOY_FAILED",
  MODEL_LOADING: "LOADING_MODEL",
  MODEL_READY: "ACTIVE",
  MODEL_UNHEALTHY: "UNHEALTHY",
  BUILDING_MODEL_FAILED: "BUILD_FAILED",
  BUILDING_MODEL_STOPPED: "BUILD_STOPPED",
  DEACTIVATING_MODEL: "DEACTIVATING",
  DEACTIVATED_MODEL: "INACTIVE",
  MODEL_DNE_ERROR: "FAILED",
  UPDATING: "UPDATING",
  MIGRATING_WORKLOAD_PLANES: "UPDATING",
  SCALED_TO_ZERO: "SCALED_TO_ZERO",
  SCALING_FROM_ZERO: "WAKING_UP",
};

const chainDeployment = z.object({
  chain_deployment: z
    .object({
      chainlets: z.array(
        z.object({
          name: z.string(),
          id: z.string(),
          is_entrypoint: z.boolean(),
          oracle: z.object({ id: z.string(), name: z.string(), hostname: z.string() }),
          oracle_version: z.object({
            id: z.string(),
            is_draft: z.boolean(),
            current_model_deployment_status: z.object({ status: z.string() }).nullable(),
          }),
        }),
      ),
      chain: z.object({ id: z.string() }),
    })
    .nullable(),
});

/** The state of a deployment; undefined when there is none of that id. */
export async function readDeployment({ graphql }: Baseten, id: string): Promise<DeployedChain | undefined> {
  const text = `{ chain_deployment(id: ${literal(id)}) {
    chainlets { name id is_entrypoint oracle { id name hostname }
      oracle_version { id is_draft current_model_deployment_status { status } } }
    chain { id } } }`;
  const { chain_deployment: found } = await graphql.run(text, chainDeployment);
  if (!found) return undefined;
  const chainlets = found.chainlets.map(
    (chainlet): DeployedChainlet => ({
      id: chainlet.id,
      name: chainlet.name,
      isEntrypoint: chainlet.is_entrypoint,
      status: SHOWN[chainlet.oracle_version.current_model_deployment_status?.status ?? ""] ?? "UNKNOWN",
      isDraft: chainlet.oracle_version.is_draft,
      model: chainlet.oracle,
      versionId: chainlet.oracle_version.id,
    }),
  );
  return { chainId: found.chain.id, deploymentId: id, chainlets: chainlets.sort(entrypointFirst) };
}

function entrypointFirst(left: DeployedChainlet, right: DeployedChainlet): number {
  if (left.isEntrypoint !== right.isEntrypoint) return left.isEntrypoint ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}
