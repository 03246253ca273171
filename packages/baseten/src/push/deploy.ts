import { setTimeout as delay } from "node:timers/promises";
import { ChainsError } from "@truss-chains/errors";
import type { Baseten } from "../api/baseten.ts";
import { type ChainToDeploy, type CreatedDeployment, deployChain } from "../api/deploy-chain.ts";
import type { Journal } from "../journal/journal.ts";
import type { PushReporter } from "./events.ts";
import { findByModels, findChain } from "./find-deployment.ts";
import { interruptible, throwIfInterrupted } from "./interruption.ts";
import { digestOf } from "./name-models.ts";
import type { PackedChain } from "./pack-chain.ts";
import type { ResolvedPush } from "./push-options.ts";
import type { UploadedChain, UploadedChainlet } from "./upload-chain.ts";

export interface DeployContext {
  readonly baseten: Baseten;
  readonly chainName: string;
  readonly teamId: string | undefined;
  readonly resolved: ResolvedPush;
  readonly allowDownload: boolean;
  readonly userEnvironment: string;
  readonly journal: Journal;
  readonly report: PushReporter;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds between two looks for a deployment whose answer was lost. */
  readonly lookMs: number;
}

/**
 * Has the chain deployed, as one or not at all. When the answer is lost, looks for what may have come of it.
 *
 * @throws ChainsError `DEPLOY_REJECTED`; `DEPLOY_UNCERTAIN` when nobody can tell, after which pushing again is safe.
 */
export async function deploy(chain: UploadedChain, context: DeployContext): Promise<CreatedDeployment> {
  const { baseten, chainName, teamId, journal, report, signal } = context;
  throwIfInterrupted(signal);
  await journal.sending(digestOfDeployment(chain, context));
  const onInterrupted = (): void => report({ type: "notice", message: TOO_LATE });
  signal?.addEventListener("abort", onInterrupted);
  try {
    return await sendOnce(chain, context);
  } catch (thrown) {
    if (!(thrown instanceof ChainsError) || thrown.code !== "API_FAILED")
      throw await refused(thrown, journal);
    const hasArrived = (thrown.data as { arrived?: boolean | null } | undefined)?.arrived !== false;
    if (!hasArrived) throw thrown;
    const names = new Set(chain.chainlets.map(({ modelName }) => modelName));
    const found = await lookFor(() => findByModels(baseten, chainName, teamId, names), context.lookMs);
    if (found) return found;
    throw new ChainsError(
      "DEPLOY_UNCERTAIN",
      `The answer to the deployment of ${chainName} was lost, and no such deployment is to be seen. ${thrown.message}`,
      {
        fix: "Push again: if Baseten took it after all, that deployment is taken up; there will be no second one.",
        cause: thrown,
      },
    );
  } finally {
    signal?.removeEventListener("abort", onInterrupted);
  }
}

const TOO_LATE =
  "Baseten has been asked to deploy, so its answer is waited for. Whoever ends this now finds out with the next push.";

/** Identifies all that is deployed, and as what. */
export function digestOfDeployment(
  { chainlets, source }: PackedChain,
  { resolved, allowDownload }: Pick<DeployContext, "resolved" | "allowDownload">,
): string {
  const { isDraft, environment, deploymentName } = resolved;
  const request = JSON.stringify([isDraft, environment ?? null, deploymentName ?? null, allowDownload]);
  return digestOf([...chainlets.map(({ archive }) => archive.sha256), source.sha256, request]);
}

async function sendOnce(chain: UploadedChain, context: DeployContext): Promise<CreatedDeployment> {
  const { baseten, chainName, teamId, resolved, signal } = context;
  const look = () => interruptible(signal, () => findChain(baseten, chainName, teamId));
  // Looked up at the last moment: someone else may have made the chain meanwhile.
  const existing = await look();
  try {
    return await deployChain(baseten, requestFor(chain, context, existing?.id));
  } catch (thrown) {
    if (!(thrown instanceof ChainsError) || thrown.code !== "API_REJECTED" || existing || resolved.isDraft)
      throw thrown;
    const made = await look();
    if (!made) throw thrown;
    return await deployChain(baseten, requestFor(chain, context, made.id));
  }
}

function requestFor(
  { chainlets, sourceS3Key }: UploadedChain,
  { chainName, teamId, resolved, allowDownload, userEnvironment }: DeployContext,
  chainId: string | undefined,
): ChainToDeploy {
  const { isDraft, environment, deploymentName } = resolved;
  const [entrypoint, ...dependencies] = chainlets.map(toDeploy);
  const isNew = chainId === undefined;
  if (isNew && environment !== undefined && environment !== "production")
    throw noEnvironmentYet(chainName, environment);
  return {
    chain:
      isNew || isDraft
        ? { name: chainName }
        : { id: chainId, ...(environment !== undefined && { environment }) },
    sourceS3Key,
    ...(teamId !== undefined && { teamId }),
    isDraft,
    allowDownload,
    ...(deploymentName !== undefined && { deploymentName }),
    entrypoint: entrypoint!,
    dependencies,
    userEnvironment,
  };
}

/** The error for an environment of a chain that was never deployed. */
export function noEnvironmentYet(chain: string, environment: string): ChainsError {
  return new ChainsError(
    "DEPLOY_REJECTED",
    `${chain} was never deployed, so it has no environment ${environment} yet.`,
    { fix: "Push it without an environment first; that one becomes production." },
  );
}

function toDeploy({ node, modelName, s3Key, encodedConfig }: UploadedChainlet) {
  return { displayName: node.displayName, modelName, s3Key, encodedConfig };
}

async function refused(thrown: unknown, journal: Journal): Promise<unknown> {
  if (!(thrown instanceof ChainsError) || thrown.code !== "API_REJECTED") return thrown;
  // A definite no: nothing of it can be there, and the uploads may be what is wrong.
  await journal.clear();
  const { code } = (thrown.data ?? {}) as { code?: string | null };
  const fix =
    code === "RESOURCE_NOT_FOUND"
      ? "Create the environment in the chain's settings at Baseten, or correct its name."
      : "Nothing was deployed. Correct what it names, then push again.";
  return new ChainsError("DEPLOY_REJECTED", thrown.message, { fix, cause: thrown });
}

const LOOKS = 3;

async function lookFor<T>(look: () => Promise<T | undefined>, waitMs: number): Promise<T | undefined> {
  for (let at = 1; at <= LOOKS; at++) {
    // It may take a moment until what was accepted can be seen.
    await delay(waitMs);
    const found = await look().catch(() => undefined);
    if (found) return found;
  }
  return undefined;
}
