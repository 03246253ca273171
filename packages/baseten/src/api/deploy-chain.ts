import { z } from "zod";
import type { Baseten } from "./baseten.ts";
import { literal } from "./graphql.ts";

interface ChainletToDeploy {
  readonly displayName: string;
  /** Unique to this push. */
  readonly modelName: string;
  readonly s3Key: string;
  /** Base64 of the JSON of the config. */
  readonly encodedConfig: string;
}

export interface ChainToDeploy {
  /** An existing chain by id, else one by its name. */
  readonly chain: { readonly id: string; readonly environment?: string } | { readonly name: string };
  readonly sourceS3Key: string;
  readonly teamId?: string;
  readonly isDraft: boolean;
  readonly allowDownload: boolean;
  readonly deploymentName?: string;
  readonly entrypoint: ChainletToDeploy;
  readonly dependencies: readonly ChainletToDeploy[];
  readonly userEnvironment: string;
}

export interface CreatedDeployment {
  readonly deploymentId: string;
  readonly chainId: string;
  /** With its scheme. */
  readonly hostname: string;
}

const created = z.object({
  deploy_chain_atomic: z.object({
    chain_deployment: z.object({ id: z.string(), chain: z.object({ id: z.string(), hostname: z.string() }) }),
  }),
});

/** Makes all chainlets of a chain one deployment, or none. Sent once. */
export async function deployChain({ graphql }: Baseten, request: ChainToDeploy): Promise<CreatedDeployment> {
  const { deploy_chain_atomic: answer } = await graphql.run(deployChainText(request), created, {
    trussUserEnv: request.userEnvironment,
  });
  const { id, chain } = answer.chain_deployment;
  return { deploymentId: id, chainId: chain.id, hostname: chain.hostname };
}

// The types of the arguments are not published, so strings are literals: those fit String and ID alike.
function deployChainText(request: ChainToDeploy): string {
  const { chain, deploymentName, dependencies } = request;
  const args = [
    "id" in chain ? `chain_id: ${literal(chain.id)}` : `chain_name: ${literal(chain.name)}`,
    "id" in chain && chain.environment !== undefined && `environment: ${literal(chain.environment)}`,
    `original_source_artifact_s3_key: ${literal(request.sourceS3Key)}`,
    request.teamId !== undefined && `team_id: ${literal(request.teamId)}`,
    `is_draft: ${request.isDraft}`,
    !request.allowDownload && "allow_truss_download: false",
    deploymentName !== undefined && `deployment_name: ${literal(deploymentName)}`,
    `entrypoint: ${chainletText(request.entrypoint, deploymentName)}`,
    `dependencies: [${dependencies.map((each) => chainletText(each, deploymentName)).join(", ")}]`,
    "truss_user_env: $trussUserEnv",
  ].filter((argument) => argument !== false);
  return `mutation ($trussUserEnv: String) {
    deploy_chain_atomic(
      ${args.join("\n      ")}
    ) { chain_deployment { id chain { id hostname } } } }`;
}

function chainletText(chainlet: ChainletToDeploy, deploymentName: string | undefined): string {
  const oracle = [
    `model_name: ${literal(chainlet.modelName)}`,
    `s3_key: ${literal(chainlet.s3Key)}`,
    `encoded_config_str: ${literal(chainlet.encodedConfig)}`,
    `semver_bump: "MINOR"`,
    deploymentName !== undefined && `version_name: ${literal(deploymentName)}`,
  ].filter((field) => field !== false);
  return `{ name: ${literal(chainlet.displayName)}, oracle: { ${oracle.join(", ")} } }`;
}
