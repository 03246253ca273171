import { dirname } from "node:path";
import { resolveAccount } from "../accounts/resolve-account.ts";
import { openBaseten } from "../api/baseten.ts";
import type { CreatedDeployment } from "../api/deploy-chain.ts";
import { userEnvironment } from "../api/user-environment.ts";
import { ChainDeployment } from "../deployment/chain-deployment.ts";
import { Journal } from "../journal/journal.ts";
import { checkRemotely } from "./checks/check-remotely.ts";
import { type Connection, connect } from "./connect.ts";
import { type DeployContext, deploy, digestOfDeployment } from "./deploy.ts";
import { readGitInfo } from "./git-info.ts";
import { interruptible } from "./interruption.ts";
import { nameModels } from "./name-models.ts";
import { packChain } from "./pack-chain.ts";
import { type PreparedPush, preparePush } from "./prepare.ts";
import type { PushOptions } from "./push-options.ts";
import { type BuiltDigests, digestsOf, type PushSession } from "./push-session.ts";
import { takeUpEarlier } from "./take-up-earlier.ts";
import { uploadChain } from "./upload-chain.ts";

/**
 * All of a push up to the moment in which Baseten has taken the chain.
 *
 * @param session of a watch. When what is built is what it has deployed last, that deployment is the result, and
 *   Baseten hears nothing.
 */
export async function deploySource(
  source: string,
  options: PushOptions,
  session?: PushSession,
): Promise<ChainDeployment> {
  const { signal, env = process.env, http } = options;
  // First: it takes no time, and without an account the rest is in vain.
  const account = await resolveAccount(options);
  await using prepared = await interruptible(signal, () => preparePush(source, options, session));
  const { chain, resolved } = prepared;
  const digests = session && (await interruptible(signal, () => digestsOf(chain)));
  if (digests && session.deployment) {
    if (session.isDeployed(digests)) return session.deployment;
    prepared.report({
      type: "notice",
      message: `Differs from what is deployed: ${session.changed(digests).join(", ")}.`,
    });
  }
  const connection = await interruptible(signal, () => connect(prepared, account, options));
  const subject = [account.remoteUrl, connection.team?.id ?? "", chain.name, String(resolved.isDraft)];
  await using journal = await Journal.open(subject, chain.name, env);
  const created = await deployPrepared({ prepared, connection, journal, options, session, digests });
  await journal.clear();
  const { node } = chain.chainlets.find(({ isEntrypoint }) => isEntrypoint)!;
  // Without the signal: it ends this push, not what is done with its result.
  const deployment = new ChainDeployment(openBaseten(account, http), {
    ...created,
    chainName: chain.name,
    isDraft: resolved.isDraft,
    environment: resolved.environment,
    endpoint: node.endpoint.kind,
    schemas: node.endpoint,
  });
  if (digests) session.deployed(deployment, digests);
  return deployment;
}

const LOOK_MS = 2000;

interface PushUnderWay {
  readonly prepared: PreparedPush;
  readonly connection: Connection;
  readonly journal: Journal;
  readonly options: PushOptions;
  readonly session: PushSession | undefined;
  readonly digests: BuiltDigests | undefined;
}

async function deployPrepared(push: PushUnderWay): Promise<CreatedDeployment> {
  const { prepared, connection, journal, options, session, digests } = push;
  const { chain, resolved, directory, report } = prepared;
  const { baseten, team } = connection;
  const { signal, http, env = process.env } = options;
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
    report,
    signal,
    lookMs: options.pollMs ?? LOOK_MS,
  };
  const { earlier, packed } = await interruptible(signal, async () => {
    const earlier = await takeUpEarlier(context);
    const chainlets = await nameModels(chain.chainlets, journal.modelNames);
    const names = Object.fromEntries(chainlets.map(({ node, modelName }) => [node.displayName, modelName]));
    await journal.named(names);
    await checkRemotely(baseten, chainlets, context.userEnvironment, report);
    return { earlier, packed: await packChain(chain, chainlets, directory, report, signal) };
  });
  if (earlier) {
    const isSame = earlier.digest === digestOfDeployment(packed, context);
    report({ type: "notice", message: earlierNotice(earlier.deploymentId, isSame) });
    if (isSame) return earlier;
    await journal.clear();
    return deployPrepared(push);
  }
  const uploaded = await interruptible(signal, () =>
    uploadChain(packed, {
      baseten,
      journal,
      session,
      digests,
      report,
      signal,
      env,
      timeoutMs: http?.timeoutMs,
    }),
  );
  report({ type: "step", step: "deploy", state: "start" });
  const created = await deploy(uploaded, context);
  report({ type: "step", step: "deploy", state: "done", message: `Baseten has taken ${chain.name}` });
  return created;
}

function earlierNotice(deploymentId: string, isSame: boolean): string {
  return isSame
    ? `The push before this one was accepted as ${deploymentId}; it is taken up, nothing is deployed twice.`
    : `The push before this one was accepted as ${deploymentId}. What is pushed has changed since, so this is a further one.`;
}
