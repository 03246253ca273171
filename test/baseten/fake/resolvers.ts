import { randomUUID } from "node:crypto";
import type { Chain, Chainlet, DeployArguments, Deployment, Platform } from "./platform.ts";
import { Rejection } from "./rejection.ts";
import type { S3Server } from "./s3/s3-server.ts";

export const BUCKET = "baseten-uploads";

/** The answers to the schema's fields, as graphql-js wants them: by name, at the root and in each object. */
export function rootOf(platform: Platform, s3: S3Server): Record<string, unknown> {
  const credentials = (kind: string) => () => {
    const key = `${kind}/${randomUUID()}.tgz`;
    const granted = s3.grant(BUCKET, `${kind}/`);
    return {
      s3_bucket: BUCKET,
      s3_key: key,
      aws_access_key_id: granted.accessKeyId,
      aws_secret_access_key: granted.secretAccessKey,
      aws_session_token: granted.sessionToken,
    };
  };
  return {
    teams: () => platform.teams,
    chains: ({ all, team_id }: { all?: boolean; team_id?: string }) => {
      if ((all === true) === (team_id !== undefined)) throw new Rejection("Give one of all and team_id.");
      return platform.chains.filter(({ team }) => all || team.id === team_id).map(chainView);
    },
    chain: ({ id }: { id: string }) => {
      const chain = platform.chains.find((each) => each.id === id);
      return chain ? chainView(chain) : null;
    },
    models: () => platform.chainlets.map(({ oracle }) => ({ ...oracle, team: platform.teams[0] })),
    organization: () => ({ id: "org1", workspace_name: "Acme" }),
    user: () => ({ email: "ada@example.com" }),
    truss_validation: ({ config }: { config: string }) => platform.validate(config),
    model_s3_upload_credentials: credentials("model"),
    chain_s3_upload_credentials: credentials("chain"),
    chain_deployment: ({ id }: { id: string }) => {
      const deployment = platform.deployments.find((each) => each.id === id);
      return deployment ? deploymentView(deployment) : null;
    },
    deploy_chain_atomic: (args: DeployArguments) => ({
      chain_deployment: deploymentView(platform.deploy(args)),
    }),
  };
}

function chainView(chain: Chain): Record<string, unknown> {
  const { id, name, hostname, team, deployments } = chain;
  return { id, name, hostname, team, deployments: () => deployments.map(deploymentView) };
}

function deploymentView(deployment: Deployment): Record<string, unknown> {
  const { id, created, isDraft, chain, chainlets } = deployment;
  return {
    id,
    created,
    is_draft: isDraft,
    chain: () => chainView(chain),
    chainlets: () => chainlets.map((chainlet) => chainletView(chainlet, isDraft)),
  };
}

function chainletView(chainlet: Chainlet, isDraft: boolean): Record<string, unknown> {
  const { id, name, isEntrypoint, oracle, versionId } = chainlet;
  return {
    id,
    name,
    is_entrypoint: isEntrypoint,
    oracle,
    oracle_version: {
      id: versionId,
      is_draft: isDraft,
      current_model_deployment_status: () => {
        const [status = "MODEL_READY"] = chainlet.states;
        if (chainlet.states.length > 1) chainlet.states.shift();
        return { status };
      },
    },
  };
}
