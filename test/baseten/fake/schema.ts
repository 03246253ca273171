import { buildSchema } from "graphql";

/** The part of Baseten's GraphQL schema that deploying chains needs, as far as it is known from the protocol. */
export const schema = buildSchema(`
  type Query {
    teams: [Team!]!
    chains(all: Boolean, team_id: String): [Chain!]!
    chain(id: String!): Chain
    models(all: Boolean, team_id: String, chainlets_only: Boolean): [Model!]!
    organization: Organization!
    user: User!
    truss_validation(truss_user_env: String, config: String!): TrussValidation!
    model_s3_upload_credentials: S3UploadCredentials!
    chain_s3_upload_credentials: S3UploadCredentials!
    chain_deployment(id: String!): ChainDeployment
  }

  type Mutation {
    deploy_chain_atomic(
      chain_id: String
      chain_name: String
      environment: String
      original_source_artifact_s3_key: String
      team_id: String
      is_draft: Boolean!
      allow_truss_download: Boolean
      deployment_name: String
      entrypoint: ChainletInputAtomic!
      dependencies: [ChainletInputAtomic!]!
      truss_user_env: String
    ): DeployChainAtomic!
  }

  input ChainletInputAtomic { name: String!, oracle: OracleInput! }
  input OracleInput {
    model_name: String!
    s3_key: String!
    encoded_config_str: String!
    semver_bump: String
    version_name: String
  }

  type Team { id: String!, name: String!, default: Boolean! }
  type Organization { id: String!, workspace_name: String! }
  type User { email: String! }
  type Model { id: String!, name: String!, team: Team }
  type TrussValidation { success: Boolean!, details: String }
  type S3UploadCredentials {
    s3_bucket: String!
    s3_key: String!
    aws_access_key_id: String!
    aws_secret_access_key: String!
    aws_session_token: String!
  }
  type Chain { id: String!, name: String!, hostname: String!, team: Team, deployments: [ChainDeployment!]! }
  type ChainDeployment { id: String!, created: String!, is_draft: Boolean!, chain: Chain!, chainlets: [Chainlet!]! }
  type Chainlet { id: String!, name: String!, is_entrypoint: Boolean!, oracle: Oracle!, oracle_version: OracleVersion! }
  type Oracle { id: String!, name: String!, hostname: String! }
  type OracleVersion { id: String!, is_draft: Boolean!, current_model_deployment_status: DeploymentStatus }
  type DeploymentStatus { status: String! }
  type DeployChainAtomic { chain_deployment: ChainDeployment! }
`);
