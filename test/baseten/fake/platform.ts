import { randomBytes } from "node:crypto";
import { Rejection } from "./rejection.ts";

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly default: boolean;
}

export interface Chainlet {
  readonly id: string;
  readonly name: string;
  readonly isEntrypoint: boolean;
  readonly oracle: { readonly id: string; readonly name: string; readonly hostname: string };
  readonly versionId: string;
  readonly s3Key: string;
  readonly config: Record<string, unknown>;
  /** The raw states that it goes through, one each time that it is asked for; the last one stays. */
  states: string[];
  readonly logs: { timestamp: string; message: string; replica: string | null }[];
}

export interface Deployment {
  readonly id: string;
  readonly created: string;
  readonly isDraft: boolean;
  readonly chain: Chain;
  readonly name: string | undefined;
  readonly sourceS3Key: string | undefined;
  readonly allowDownload: boolean;
  readonly chainlets: readonly Chainlet[];
  readonly userEnvironment: Record<string, unknown>;
}

export interface Chain {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly team: Team;
  readonly deployments: Deployment[];
  /** Deployment by environment; undefined where nothing was promoted yet. */
  readonly environments: Map<string, string | undefined>;
}

export interface NewChainlet {
  readonly name: string;
  readonly oracle: {
    readonly model_name: string;
    readonly s3_key: string;
    readonly encoded_config_str: string;
    readonly semver_bump?: string;
    readonly version_name?: string;
  };
}

export interface DeployArguments {
  readonly chain_id?: string;
  readonly chain_name?: string;
  readonly environment?: string;
  readonly original_source_artifact_s3_key?: string;
  readonly team_id?: string;
  readonly is_draft: boolean;
  readonly allow_truss_download?: boolean;
  readonly deployment_name?: string;
  readonly entrypoint: NewChainlet;
  readonly dependencies: readonly NewChainlet[];
  readonly truss_user_env: string;
}

const GOOD_LIFE = ["BUILDING_MODEL", "DEPLOYING_MODEL", "MODEL_LOADING", "MODEL_READY"];

/** What Baseten keeps of one workspace, and its rules. */
export class Platform {
  readonly teams: Team[] = [{ id: "team1", name: "Main", default: true }];
  readonly chains: Chain[] = [];
  readonly secrets = new Map<string, string>();
  /** Whether an archive was uploaded, by key. */
  readonly hasArchive: (key: string) => boolean;
  /** The states that a new chainlet goes through, by display name. */
  lifeOf: (chainlet: string) => readonly string[] = () => GOOD_LIFE;
  readonly #hostnameOf: (kind: string, id: string) => string;
  #created = Date.parse("2026-01-01T00:00:00Z");

  constructor(hasArchive: (key: string) => boolean, hostnameOf: (kind: string, id: string) => string) {
    this.hasArchive = hasArchive;
    this.#hostnameOf = hostnameOf;
  }

  get deployments(): Deployment[] {
    return this.chains.flatMap((chain) => chain.deployments);
  }

  get chainlets(): Chainlet[] {
    return this.deployments.flatMap((deployment) => deployment.chainlets);
  }

  /** All or nothing, as the real mutation. @throws Rejection */
  deploy(args: DeployArguments): Deployment {
    const team = this.#team(args.team_id);
    const isNew = args.chain_id === undefined;
    if (isNew === (args.chain_name === undefined))
      throw new Rejection("Give one of chain_id and chain_name.");
    if (isNew && args.environment !== undefined)
      throw new Rejection("A chain named by name has no environments.");
    const existing = isNew
      ? this.chains.find((chain) => chain.name === args.chain_name && chain.team === team)
      : this.chains.find(({ id }) => id === args.chain_id);
    if (!isNew && !existing) throw new Rejection("Chain not found.", "RESOURCE_NOT_FOUND");
    if (isNew && existing && !args.is_draft)
      throw new Rejection(`A chain named ${args.chain_name} already exists.`);
    if (args.environment !== undefined && !existing!.environments.has(args.environment))
      throw new Rejection(`Environment ${args.environment} not found.`, "RESOURCE_NOT_FOUND");
    this.#needArchive(args.original_source_artifact_s3_key);
    const drafts = [args.entrypoint, ...args.dependencies].map((chainlet, index) =>
      this.#newChainlet(chainlet, index === 0),
    );
    if (new Set(drafts.map(({ name }) => name)).size < drafts.length)
      throw new Rejection("A chainlet is there twice.");
    const chain = existing ?? this.#newChain(args.chain_name!, team);
    this.#created += 60_000;
    const deployment: Deployment = {
      id: newId(),
      created: new Date(this.#created).toISOString(),
      isDraft: args.is_draft,
      chain,
      name: args.deployment_name,
      sourceS3Key: args.original_source_artifact_s3_key,
      allowDownload: args.allow_truss_download ?? true,
      chainlets: drafts,
      userEnvironment: JSON.parse(args.truss_user_env),
    };
    chain.deployments.push(deployment);
    if (!args.is_draft) {
      if (chain.environments.size === 0) chain.environments.set("production", deployment.id);
      else if (args.environment !== undefined) chain.environments.set(args.environment, deployment.id);
    }
    return deployment;
  }

  /** What the service says of a config by itself. */
  validate(encoded: string): { success: boolean; details: string | null } {
    const config = decodeConfig(encoded);
    const errors = [
      ...(config.resources === undefined ? ["resources: field required"] : []),
      ...(typeof config.model_name === "string" && /reject/i.test(config.model_name)
        ? [`model_name: ${config.model_name} is not allowed here`]
        : []),
    ];
    const warnings = (config.model_cache as unknown[] | null)?.length
      ? ["model_cache is superseded by weights"]
      : [];
    const isClear = errors.length + warnings.length === 0;
    return { success: errors.length === 0, details: isClear ? null : JSON.stringify({ warnings, errors }) };
  }

  #team(id: string | undefined): Team {
    const team =
      id === undefined ? this.teams.find((each) => each.default) : this.teams.find((each) => each.id === id);
    if (!team) throw new Rejection("Team not found.", "RESOURCE_NOT_FOUND");
    return team;
  }

  #newChain(name: string, team: Team): Chain {
    const id = newId();
    const hostname = this.#hostnameOf("chain", id);
    const chain: Chain = { id, name, hostname, team, deployments: [], environments: new Map() };
    this.chains.push(chain);
    return chain;
  }

  #newChainlet({ name, oracle }: NewChainlet, isEntrypoint: boolean): Chainlet {
    if (!/^[\w .-]+-[0-9a-f]{8}$/.test(oracle.model_name))
      throw new Rejection(`Model name ${oracle.model_name} is odd.`);
    if (this.chainlets.some((chainlet) => chainlet.oracle.name === oracle.model_name))
      throw new Rejection(`A model named ${oracle.model_name} already exists.`);
    this.#needArchive(oracle.s3_key);
    const config = decodeConfig(oracle.encoded_config_str);
    const id = newId();
    return {
      id: newId(),
      name,
      isEntrypoint,
      oracle: { id, name: oracle.model_name, hostname: this.#hostnameOf("model", id) },
      versionId: newId(),
      s3Key: oracle.s3_key,
      config,
      states: [...this.lifeOf(name)],
      logs: [],
    };
  }

  #needArchive(key: string | undefined): void {
    if (key === undefined || !this.hasArchive(key)) throw new Rejection(`Nothing was uploaded as ${key}.`);
  }
}

function newId(): string {
  return randomBytes(4).toString("hex");
}

function decodeConfig(encoded: string): Record<string, unknown> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 !== 0)
    throw new Rejection("The config is no base64.");
  try {
    return JSON.parse(Buffer.from(encoded, "base64").toString());
  } catch {
    throw new Rejection("The config is no JSON.");
  }
}
