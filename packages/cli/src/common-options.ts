import type { Command } from "commander";

/** What every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "print the result as one JSON document, and nothing else")
    .option("-q, --quiet", "say nothing on the way")
    .option("--verbose", "say more, and show stacks");
}

/** For commands that use an account. */
export function withRemote(command: Command): Command {
  return command.option("--remote <name>", "account of ~/.trussrc; asked for where there are several");
}

/** For commands about a chain of an account. */
export function withTeam(command: Command): Command {
  return withRemote(command).option("--team <name>", "that the chain belongs to");
}
