import { relative } from "node:path";
import { watchChain } from "@truss-chains/baseten";
import { PushView } from "../output/push-view.ts";
import { renderError } from "../output/render-error.ts";
import type { Terminal } from "../output/terminal.ts";
import { choosing } from "./choose.ts";
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
  terminal.note(
    "Each change makes a new development deployment: custom servers cannot be patched in place.\n" +
      "What has not changed is not uploaded again.\n",
  );
  await watchChain(source, {
    entrypoint,
    name,
    remote,
    team,
    includeGitInfo,
    disableChainDownload,
    choose: choosing(terminal, view),
    signal: untilInterrupted(),
    onEvent: view.onEvent,
    onChange: (files) => {
      view.close();
      terminal.note(`\n${filesText(files)}`);
    },
    onDeployed: ({ chainName, url, deploymentId }) => {
      view.close();
      if (terminal.json) process.stdout.write(`${JSON.stringify({ chain: chainName, deploymentId, url })}\n`);
      else terminal.result(`${terminal.resultStyle.green("✔")} ${chainName} is active at ${url}`);
      terminal.note("Watching for changes. Ctrl-C stops; the development deployment stays.");
    },
    onUnchanged: ({ chainName }) => {
      view.close();
      terminal.note(
        `What is built is what is deployed, so ${chainName} was not pushed. Watching for changes.`,
      );
    },
    onFailed: async (error) => {
      view.fail(error);
      if (terminal.json) process.stdout.write(`${JSON.stringify({ error: error.toJSON() })}\n`);
      else terminal.error(await renderError(error, terminal));
      terminal.note("What was deployed before goes on. Watching for changes.");
    },
  }).catch((thrown: unknown) => {
    view.fail(thrown);
    throw thrown;
  });
  view.close();
  terminal.note("\nStopped. What Baseten has taken goes on without us: chains status --draft shows it.");
}

const NAMED = 3;

/** `chain.ts and 2 more have changed.` */
function filesText(files: readonly string[]): string {
  const names = files.map((file) => relative(process.cwd(), file) || file);
  const more = names.length > NAMED ? [`${names.length - NAMED} more`] : [];
  return `Changed: ${[...names.slice(0, NAMED), ...more].join(", ")}`;
}
