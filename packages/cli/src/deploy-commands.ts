import type { Command } from "commander";
import { withRemote, withTeam } from "./common-options.ts";
import type { MakeCommand } from "./make-command.ts";
import type { Terminal } from "./output/terminal.ts";

/** The commands about what is deployed. Each one's code is loaded when it is run. */
export function addDeployCommands(command: MakeCommand, terminal: Terminal): void {
  withPushOptions(
    command(
      "push <source> [entrypoint]",
      "Build, upload and deploy the chain, then wait until it is active.",
      ["chains push chain.ts", "chains push chain.ts --environment staging", "chains push chain.ts --plan"],
    ),
  )
    .option("--environment <name>", "deploy to this environment of the chain")
    .option("--promote", "deploy to production")
    .option("--no-wait", "end when Baseten has taken the chain")
    .option("-w, --watch", "make a development deployment, and push again on changes")
    .option("--dryrun", "do all but the network")
    .option("--plan", "show what would change against what is deployed")
    .option("--deployment-name <name>", "a name for this deployment")
    .action(async (source, entrypoint, options) =>
      (await import("./commands/push.ts")).pushCommand(source, entrypoint, options, terminal),
    );

  withPushOptions(
    command(
      "watch <source> [entrypoint]",
      "Push the chain again to its development deployment whenever it changes.",
      ["chains watch chain.ts"],
    ),
  ).action(async (source, entrypoint, options) =>
    (await import("./commands/watch.ts")).watch(source, entrypoint, options, terminal),
  );

  withTarget(
    command("status", "Show how the chainlets of a deployed chain are.", [
      "chains status",
      "chains status --chain Search --environment staging --json",
    ]),
  ).action(async (options) => (await import("./commands/status.ts")).status(options, terminal));

  withTarget(
    command("logs [chainlet]", "Show the logs of a deployed chain, or of one chainlet.", [
      "chains logs Embed --follow",
      "chains logs --chain Search --since 2h",
    ]),
  )
    .option("-f, --follow", "go on with what comes")
    .option("--since <duration>", "how far back, as 90s, 30m, 2h or 3d")
    .action(async (chainlet, options) =>
      (await import("./commands/logs.ts")).logs(chainlet, options, terminal),
    );

  withTarget(
    command("invoke", "Call a deployed chain and print its answer as it comes.", [
      `chains invoke --chain Search --input '{"query": "x"}'`,
      "chains invoke --input @request.json",
      "chains invoke --chain Chat    # a WebSocket: each line is a message",
    ]),
  )
    .option("-i, --input <json>", "the request or message: JSON, @FILE, or - for standard input")
    .action(async (options) => (await import("./commands/invoke.ts")).invoke(options, terminal));

  withTarget(
    command("promote", "Let an environment serve a deployment: the newest, unless one is named.", [
      "chains promote --chain Search",
      "chains promote --deployment abc123 --to staging",
    ]),
  )
    .option("--to <environment>", "the environment that will serve it", "production")
    .action(async (options) => (await import("./commands/promote.ts")).promote(options, terminal));

  withTarget(
    command("delete", "Delete a deployment, or a whole chain.", [
      "chains delete --chain Search --deployment abc123",
      "chains delete --chain Search --all --yes",
    ]),
  )
    .option("--all", "the chain with all of its deployments")
    .option("-y, --yes", "do not ask")
    .action(async (options) => (await import("./commands/delete.ts")).remove(options, terminal));

  command("login", "Keep an API key in ~/.trussrc, where the real Truss finds it too.", [
    "chains login",
    "echo $KEY | chains login --name work",
  ])
    .option("--name <name>", "of the account", "baseten")
    .option("--remote-url <url>", "when it is not Baseten's own")
    .option("--rest-url <url>", "base of the REST API, when it is not Baseten's own")
    .action(async (options) => (await import("./commands/login.ts")).login(options, terminal));

  withRemote(
    command("whoami", "Show which account is used.", ["chains whoami", "chains whoami --remote work"]),
  ).action(async (options) => (await import("./commands/whoami.ts")).whoami(options, terminal));
}

function withPushOptions(command: Command): Command {
  return withTeam(command)
    .option("--name <name>", "of the chain; else that of @markEntrypoint")
    .option("--include-git-info", "tell Baseten the commit")
    .option("--disable-chain-download", "the source cannot be downloaded from Baseten");
}

function withTarget(command: Command): Command {
  return withTeam(
    command
      .option("-c, --chain <name>", "name of the chain; not needed where there is one")
      .option("--environment <name>", "what this environment serves")
      .option("--deployment <id>", "this deployment")
      .option("--draft", "the development deployment"),
  );
}
