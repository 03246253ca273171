import { Command, InvalidArgumentError, Option } from "commander";
import { addDeployCommands } from "./deploy-commands.ts";
import { makeCommandIn } from "./make-command.ts";
import type { Terminal } from "./output/terminal.ts";
import { version } from "./version.ts";
import { addWeightsCommands } from "./weights-commands.ts";

/**
 * The command line. Each command's code is loaded when it is run, so that `--help` and small commands start at once.
 */
export function createProgram(terminal: Terminal): Command {
  const program = new Command("chains")
    .description("Write, check, run, build and deploy chains of model services.")
    .version(version, "-V, --version")
    .showHelpAfterError("(chains --help tells more)")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        if (!terminal.json) process.stderr.write(text);
      },
    })
    .configureHelp({
      // Without "[options]": all have some, and descriptions need the room.
      subcommandTerm: (command) => [command.name(), command.usage()].join(" ").replace(" [options]", ""),
      styleTitle: (title) => terminal.resultStyle.bold(title),
    });

  const command = makeCommandIn(program, "chains");

  program.commandsGroup("Develop:").helpCommand("help [command]", "Show the help of a command.");
  command("init [dir]", "Make a new project: a chain, its test, and a README.", [
    "chains init my-chain",
    "chains init . --yes",
  ])
    .option("-y, --yes", "take the defaults, ask nothing")
    .option("--no-install", "do not run npm install")
    .action(async (directory, options) =>
      (await import("./commands/init.ts")).init(directory, options, terminal),
    );

  command(
    "check <path> [entrypoint]",
    "Report every problem of a chain's source, a config.yaml, or a truss directory.",
    ["chains check chain.ts", "chains check path/to/config.yaml --json"],
  ).action(async (path, entrypoint) =>
    (await import("./commands/check.ts")).check(path, entrypoint, terminal),
  );

  command("graph <source> [entrypoint]", "Show the chain as a picture.", [
    "chains graph chain.ts",
    "chains graph chain.ts --format mermaid",
  ])
    .addOption(
      new Option("-f, --format <format>", "how to draw it")
        .choices(["text", "mermaid", "dot", "json"])
        .default("text"),
    )
    .action(async (source, entrypoint, options) =>
      (await import("./commands/graph.ts")).graph(source, entrypoint, options, terminal),
    );

  command("run <source> [entrypoint]", "Run the chain once in this process and print its result as JSON.", [
    `chains run chain.ts --input '{"maxValue": 3}'`,
    "chains run chain.ts --input @request.json",
    "echo '{}' | chains run chain.ts Search --input -",
  ])
    .option("-i, --input <json>", "the request: JSON, @FILE, or - for standard input")
    .option("--service <name=url>", "address of a chainlet that cannot run here; repeatable", collectService)
    .option("--secrets <file>", SECRETS)
    .option("--data-dir <dir>", "context.dataDir of all chainlets, in place of their own")
    .action(async (source, entrypoint, options) =>
      (await import("./commands/run-once.ts")).runOnce(source, entrypoint, options, terminal),
    );

  command(
    "dev <source> [entrypoint]",
    "Run the chain as it will be deployed: a process per chainlet, HTTP between them.",
    ["chains dev chain.ts", "chains dev chain.ts --port 9000 --no-watch"],
  )
    .option("-p, --port <number>", "port of the entrypoint; a free one by default", toPort)
    .option("--no-watch", "do not reload on changes")
    .option("--service <name=url>", "address of a chainlet that cannot run here; repeatable", collectService)
    .option("--secrets <file>", SECRETS)
    .action(async (source, entrypoint, options) =>
      (await import("./commands/dev.ts")).dev(source, entrypoint, options, terminal),
    );

  command("build <source> [entrypoint]", "Build a deployable truss directory for each chainlet.", [
    "chains build chain.ts --out build",
    "chains build chain.ts Search --out build --json",
  ])
    .requiredOption("-o, --out <dir>", "where to; replaced as a whole")
    .option("--frozen", "refuse weights that differ from chains.lock")
    .option("--no-manifest", "leave listing the files of model caches to the platform")
    .action(async (source, entrypoint, options) =>
      (await import("./commands/build.ts")).build(source, entrypoint, options, terminal),
    );

  program.commandsGroup("Deploy:");
  addDeployCommands(command, terminal);

  program.commandsGroup("Configs and weights:");
  command(
    "migrate [target]",
    "Move model_cache and external_data to weights, in config.yaml or in a chain's source.",
    ["chains migrate", "chains migrate chain.ts", "chains migrate path/to/many/trusses --dry-run"],
  )
    .option("-y, --yes", "apply without asking")
    .option("--dry-run", "only show what would change")
    .action(async (target, options) =>
      (await import("./commands/migrate.ts")).migrate(target ?? ".", options, terminal),
    );
  addWeightsCommands(command, terminal);

  return program;
}

// Not called --env-file: Node takes that for its own, wherever it stands.
const SECRETS = "where secrets are, besides the environment; .env by default";

function toPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new InvalidArgumentError("a port is a number from 1 to 65535.");
}

function collectService(
  text: string,
  previous: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [, name, url] = /^([\w-]+)=(https?:\/\/.+)$/.exec(text) ?? [];
  if (name === undefined || url === undefined) throw new InvalidArgumentError("write it as NAME=http://…");
  return { ...previous, [name]: url };
}
