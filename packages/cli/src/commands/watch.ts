import { watchChain } from "@truss-chains/baseten";
import { PushView } from "../output/push-view.ts";
import { renderError } from "../output/render-error.ts";
import type { Terminal } from "../output/terminal.ts";
import { quietAws } from "./quiet-aws.ts";
import { untilInterrupted } from "./until-interrupted.ts";

export interface WatchCommandOptions {
  readonly name?: string;
  readonly remote?: string;
  readonly team?: string;
  readonly includeGitInfo?: boolean;
  readonly disableChainDownload?: boolean;
}

/** Runs until it is interrupted; what is deployed stays. */
export async function watch(
  source: string,
  entrypoint: string | undefined,
  { name, remote, team, includeGitInfo, disableChainDownload }: WatchCommandOptions,
  terminal: Terminal,
): Promise<void> {
  quietAws();
  const view = new PushView(terminal);
  terminal.note("Each change is pushed as a whole: a custom server cannot be patched in place.");
  await watchChain(source, {
    entrypoint,
    name,
    remote,
    team,
    includeGitInfo,
    disableChainDownload,
    signal: untilInterrupted(),
    onEvent: view.onEvent,
    onChange: () => terminal.note("\nChanged."),
    onDeployed: async ({ chainName, url, deploymentId }) => {
      await view.close();
      if (terminal.json) process.stdout.write(`${JSON.stringify({ chain: chainName, deploymentId, url })}\n`);
      else terminal.result(`${chainName} is active at ${url}`);
      terminal.note("Watching for changes. Ctrl-C stops; the development deployment stays.");
    },
    onFailed: async (error) => {
      await view.fail(error);
      if (terminal.json) process.stdout.write(`${JSON.stringify({ error: error.toJSON() })}\n`);
      else terminal.error(await renderError(error, terminal));
      terminal.note("What was deployed before goes on. Watching for changes.");
    },
  });
  terminal.note("\nStopped. What Baseten has taken goes on without us: chains status --draft shows it.");
}
