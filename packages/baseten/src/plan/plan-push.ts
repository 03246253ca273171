import { isDeepStrictEqual } from "node:util";
import {
  type ModelRepo,
  parseConfigObject,
  type TrussConfig,
  toDict,
  type WeightsSource,
} from "@truss-chains/config";
import { compareEndpoints, type SchemaChange } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { resolveAccount } from "../accounts/resolve-account.ts";
import type { Baseten } from "../api/baseten.ts";
import { readDeployment } from "../api/chain-status.ts";
import { listDeployments } from "../api/chains.ts";
import { readDeployedConfig } from "../api/deployed-config.ts";
import { listEnvironments } from "../api/environments.ts";
import { endpointOf } from "../deployment/deployed-endpoint.ts";
import type { BuiltChainlet } from "../push/built-chain.ts";
import { type Connection, connect } from "../push/connect.ts";
import { findChain } from "../push/find-deployment.ts";
import { interruptible } from "../push/interruption.ts";
import { type PreparedPush, preparePush } from "../push/prepare.ts";
import type { PushOptions, ResolvedPush } from "../push/push-options.ts";
import { compareConfigs, type FieldChange } from "./compare-configs.ts";

export interface ChainletPlan {
  /** Display name. */
  readonly name: string;
  readonly change: "new" | "removed" | "changed" | "same";
  /** Fields of the config; hardware and weights are among them. */
  readonly fields: readonly FieldChange[];
  /** What callers feel; null when the deployed one was not pushed by us and does not tell its schemas. */
  readonly schemas: readonly SchemaChange[] | null;
  /** Entries of `model_cache` and `weights` that come and go, as config.yaml spells them. */
  readonly weights: { readonly added: readonly WeightsEntry[]; readonly removed: readonly WeightsEntry[] };
}

/** An entry of `model_cache` or of `weights`. */
export type WeightsEntry = ModelRepo | WeightsSource;

/** What a push would change. Code is not compared: it is deployed as it is. */
export interface PushPlan {
  readonly chain: string;
  /** What it is compared with; null for a new chain. */
  readonly deploymentId: string | null;
  readonly chainlets: readonly ChainletPlan[];
}

/** Builds and checks as `push` does, and compares the result with what is deployed. Nothing is uploaded. */
export async function planPush(source: string, options: PushOptions = {}): Promise<PushPlan> {
  const account = await resolveAccount(options);
  await using prepared = await interruptible(options.signal, () => preparePush(source, options));
  // Awaited here: what was prepared is removed when this returns.
  return await interruptible(options.signal, async () =>
    compareWithDeployed(prepared, await connect(prepared, account, options)),
  );
}

async function compareWithDeployed(
  { chain, resolved }: PreparedPush,
  { baseten, team }: Connection,
): Promise<PushPlan> {
  const existing = await findChain(baseten, chain.name, team?.id);
  const deploymentId = existing && (await comparedWith(baseten, existing.id, resolved));
  const deployed =
    deploymentId === undefined ? [] : ((await readDeployment(baseten, deploymentId))?.chainlets ?? []);
  const chainlets = await Promise.all(
    chain.chainlets.map(async (chainlet) => {
      const now = deployed.find(({ name }) => name === chainlet.node.displayName);
      if (!now) return planOf(chainlet.node.displayName, "new", weightsOf(chainlet.config));
      return compare(chainlet, await readDeployedConfig(baseten, now.model.id, now.versionId));
    }),
  );
  const kept = new Set(chain.chainlets.map(({ node }) => node.displayName));
  const removed = deployed.filter(({ name }) => !kept.has(name)).map(({ name }) => planOf(name, "removed"));
  return { chain: chain.name, deploymentId: deploymentId ?? null, chainlets: [...chainlets, ...removed] };
}

async function comparedWith(
  baseten: Baseten,
  chainId: string,
  { isDraft, environment }: ResolvedPush,
): Promise<string | undefined> {
  if (!isDraft) {
    const environments = await listEnvironments(baseten, chainId);
    const served = environments.find(({ name }) => name === (environment ?? "production"))?.deploymentId;
    if (served !== undefined) return served;
  }
  return (await listDeployments(baseten, chainId)).find((deployment) => deployment.is_draft === isDraft)?.id;
}

function compare({ node, config }: BuiltChainlet, deployed: Record<string, unknown>): ChainletPlan {
  const deployedConfig = readDeployed(node.displayName, deployed);
  const before = toDict(deployedConfig, { verbose: true });
  const fields = compareConfigs(before, toDict(config, { verbose: true }));
  const told = endpointOf(deployed);
  const schemas = told && compareEndpoints(told, node.endpoint);
  const isSame = fields.length === 0 && (schemas ?? []).length === 0;
  const weights = compareWeights(weightsOf(deployedConfig), weightsOf(config));
  return {
    name: node.displayName,
    change: isSame ? "same" : "changed",
    fields,
    schemas: schemas ?? null,
    weights,
  };
}

function readDeployed(name: string, deployed: Record<string, unknown>): TrussConfig {
  try {
    return parseConfigObject(deployed).config;
  } catch (thrown) {
    if (!(thrown instanceof ChainsError)) throw thrown;
    // It is no fault of the person's: a newer Truss may have deployed it.
    throw new ChainsError(
      "API_FAILED",
      `The config that ${name} was deployed with is not understood: ${thrown.message}`,
      {
        fix: "If a newer version of this package exists, use it. To push does not need it.",
        cause: thrown,
      },
    );
  }
}

const weightsOf = (config: TrussConfig): WeightsEntry[] => [...config.model_cache, ...config.weights];

function compareWeights(before: readonly WeightsEntry[], after: readonly WeightsEntry[]) {
  const without = (list: readonly WeightsEntry[], others: readonly WeightsEntry[]): WeightsEntry[] =>
    list.filter((entry) => !others.some((other) => isDeepStrictEqual(entry, other)));
  return { added: without(after, before), removed: without(before, after) };
}

function planOf(name: string, change: "new" | "removed", added: readonly WeightsEntry[] = []): ChainletPlan {
  return { name, change, fields: [], schemas: [], weights: { added, removed: [] } };
}
