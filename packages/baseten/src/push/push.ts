import { dirname } from "node:path";
import type { CreatedDeployment } from "../api/deploy-chain.ts";
import { userEnvironment } from "../api/user-environment.ts";
import { type AnyChainlet, ChainDeployment } from "../deployment/chain-deployment.ts";
import { Journal } from "../journal/journal.ts";
import { lockPush } from "../journal/push-lock.ts";
import { checkRemotely } from "./checks/check-remotely.ts";
import { type Connection, connect } from "./connect.ts";
import { type DeployContext, deploy, digestOfChain } from "./deploy.ts";
import { readGitInfo } from "./git-info.ts";
import { throwIfInterrupted } from "./interruption.ts";
import { nameModels } from "./name-models.ts";
import { packChain } from "./pack-chain.ts";
import { type PreparedPush, preparePush } from "./prepare.ts";
import type { PushOptions } from "./push-options.ts";
import { type EntrypointClass, sourceOf } from "./source-of.ts";
import { takeUpEarlier } from "./take-up-earlier.ts";
import { uploadChain } from "./upload-chain.ts";

/**
 * Builds a chain, uploads it and has Baseten deploy it, as one or not at all; then waits until all of it is active.
 * A push that was interrupted, or whose answer was lost, is taken up where it was when it is run again.
 *
 * @param target The entrypoint's class, or the path of the source.
 * @throws ChainsError of the steps: the compiler's for the source, `PUSH_IMPOSSIBLE`, `ACCOUNT_MISSING` and its like,
 *   `PUSH_IN_PROGRESS`, `UPLOAD_FAILED`, `DEPLOY_REJECTED`, `DEPLOY_UNCERTAIN`, `DEPLOY_FAILED`, `INTERRUPTED`.
 */
export async function push<C extends EntrypointClass>(
  target: C,
  options?: PushOptions,
): Promise<ChainDeployment<InstanceType<C>>>;
export async function push(target: string, options?: PushOptions): Promise<ChainDeployment>;
export async function push(
  target: EntrypointClass | string,
  options: PushOptions = {},
): Promise<ChainDeployment<AnyChainlet>> {
  if (typeof target !== "string") {
    const { source, entrypoint } = sourceOf(target);
    return push(source, { ...options, entrypoint });
  }
  const deployment = await deploySource(target, options);
  const { wait = true, pollMs, signal, onEvent = () => {} } = options;
  if (wait)
    await deployment.ready({
      pollMs,
      signal,
      onChange: (chainlets) => onEvent({ type: "chainlets", chainlets }),
    });
  return deployment;
}

async function deploySource(source: string, options: PushOptions): Promise<ChainDeployment<AnyChainlet>> {
  await using prepared = await preparePush(source, options);
  throwIfInterrupted(options.signal);
  const connection = await connect(prepared, options);
  const { chain, resolved } = prepared;
  const { env = process.env } = options;
  const { account } = connection.baseten;
  const subject = [account.remoteUrl, connection.team?.id ?? "", chain.name, String(resolved.isDraft)];
  const journal = await Journal.open(subject, env);
  const unlock = await lockPush(`${journal.file}.lock`, chain.name);
  try {
    const created = await deployPrepared(prepared, connection, journal, options);
    await journal.clear();
    const { node } = chain.chainlets.find(({ isEntrypoint }) => isEntrypoint)!;
    return new ChainDeployment(connection.baseten, {
      ...created,
      chainName: chain.name,
      isDraft: resolved.isDraft,
      environment: resolved.environment,
      endpoint: node.endpoint.kind,
      schemas: node.endpoint,
    });
  } finally {
    await unlock();
  }
}

const LOOK_MS = 2000;

async function deployPrepared(
  prepared: PreparedPush,
  { baseten, team }: Connection,
  journal: Journal,
  options: PushOptions,
): Promise<CreatedDeployment> {
  const { chain, resolved, directory, report } = prepared;
  const { signal, env = process.env } = options;
  const includeGitInfo = options.includeGitInfo ?? baseten.account.includeGitInfo;
  const gitInfo = includeGitInfo ? await readGitInfo(dirname(chain.discovered.source)) : null;
  const context: DeployContext = {
    baseten,
    chainName: chain.name,
    teamId: team?.id,
    resolved,
    allowDownload: !options.disableChainDownload,
    userEnvironment: userEnvironment(gitInfo),
    journal,
    lookMs: options.pollMs ?? LOOK_MS,
  };
  const earlier = await takeUpEarlier(context);
  const chainlets = await nameModels(chain.chainlets, journal.modelNames);
  await journal.named(
    Object.fromEntries(chainlets.map(({ node, modelName }) => [node.displayName, modelName])),
  );
  await checkRemotely(baseten, chainlets, context.userEnvironment, report);
  throwIfInterrupted(signal);
  const packed = await packChain(chain, chainlets, directory, report, signal);
  if (earlier) {
    const isSame = earlier.digest === digestOfChain(packed);
    report({ type: "notice", message: earlierNotice(earlier.deploymentId, isSame) });
    if (isSame) return earlier;
    await journal.clear();
    return deployPrepared(prepared, { baseten, team }, journal, options);
  }
  const uploaded = await uploadChain(packed, { baseten, journal, report, signal, env });
  throwIfInterrupted(signal);
  report({ type: "step", step: "deploy", state: "start" });
  const created = await deploy(uploaded, context);
  report({ type: "step", step: "deploy", state: "done", message: `Baseten has taken ${chain.name}` });
  return created;
}

function earlierNotice(deploymentId: string, isSame: boolean): string {
  return isSame
    ? `The push before this one was accepted as ${deploymentId}; it is taken up, nothing is deployed twice.`
    : `The push before this one was accepted as ${deploymentId}. The source has changed since, so this is a further one.`;
}
