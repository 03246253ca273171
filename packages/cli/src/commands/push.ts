import { type ChainDeployment, type PushOptions, previewPush, push } from "@truss-chains/baseten";
import { ChainsError } from "@truss-chains/errors";
import { PushView } from "../output/push-view.ts";
import type { Terminal } from "../output/terminal.ts";
import { choosing } from "./choose.ts";
import { quietAws } from "./quiet-aws.ts";
import { untilInterrupted } from "./until-interrupted.ts";

export interface PushCommandOptions {
  readonly name?: string;
  readonly environment?: string;
  readonly promote?: boolean;
  readonly wait: boolean;
  readonly watch?: boolean;
  readonly dryrun?: boolean;
  readonly plan?: boolean;
  readonly remote?: string;
  readonly team?: string;
  readonly deploymentName?: string;
  readonly includeGitInfo?: boolean;
  readonly disableChainDownload?: boolean;
}

export async function pushCommand(
  source: string,
  entrypoint: string | undefined,
  options: PushCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const { watch = false, dryrun = false, plan = false, wait, ...rest } = options;
  checkTogether(options);
  if (watch) return (await import("./watch.ts")).watch(source, entrypoint, rest, terminal);
  quietAws();
  const view = new PushView(terminal);
  const pushOptions: PushOptions = {
    ...rest,
    entrypoint,
    wait,
    choose: choosing(terminal, view),
    onEvent: view.onEvent,
    signal: untilInterrupted(),
  };
  try {
    if (dryrun) {
      const preview = await previewPush(source, pushOptions);
      view.close();
      if (terminal.json) terminal.writeJson(preview);
      else
        terminal.result(
          `${preview.chain} is ready to be pushed: ${preview.chainlets.map(({ name }) => name).join(", ")}.`,
        );
      return;
    }
    if (plan) {
      const { planCommand } = await import("./push-plan.ts");
      return await planCommand(source, pushOptions, view, terminal);
    }
    const deployment = await push(source, pushOptions);
    view.close();
    await report(deployment, wait, terminal);
  } catch (thrown) {
    view.fail(thrown);
    throw thrown;
  }
}

function checkTogether({
  watch,
  environment,
  promote,
  deploymentName,
  dryrun,
  plan,
}: PushCommandOptions): void {
  if (dryrun && plan) {
    throw new ChainsError("USAGE", "--dryrun stays off the network, so it does not go with --plan.", {
      fix: "Leave out one of them.",
    });
  }
  const clash = watch
    ? environment !== undefined
      ? "--environment"
      : promote
        ? "--promote"
        : deploymentName !== undefined
          ? "--deployment-name"
          : dryrun
            ? "--dryrun"
            : plan
              ? "--plan"
              : undefined
    : undefined;
  if (clash === undefined) return;
  throw new ChainsError("USAGE", `--watch makes a development deployment, so it does not go with ${clash}.`, {
    fix: "Leave out one of them.",
  });
}

async function report(deployment: ChainDeployment, waited: boolean, terminal: Terminal): Promise<void> {
  const { chainName, chainId, deploymentId, isDraft, environment, url, urls, endpoint } = deployment;
  if (terminal.json) {
    const { chainlets } = await deployment.status();
    terminal.writeJson({
      chain: chainName,
      chainId,
      deploymentId,
      isDraft,
      environment: environment ?? null,
      url,
      page: urls.page,
      chainlets,
    });
    return;
  }
  const { invocationSnippet } = await import("../output/invocation-snippet.ts");
  const { bold, cyan, dim, green } = terminal.resultStyle;
  terminal.result(
    waited
      ? `\n${green("✔")} ${bold(chainName)} is active at ${cyan(url)}`
      : `\n${bold(chainName)} will be at ${cyan(url)}`,
  );
  terminal.result(`${dim(urls.page)}\n`);
  terminal.result(invocationSnippet(url, endpoint, terminal.resultStyle));
}
