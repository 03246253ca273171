import type { Command } from "commander";
import { withCommonOptions } from "./common-options.ts";

/** Adds a command with the options that all have, and examples below its help. */
export type MakeCommand = (usage: string, description: string, examples: readonly string[]) => Command;

/** What the arguments of all commands mean, by their names. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  dir: "of the project; my-chain by default",
  source: "TypeScript file of the chain",
  path: "TypeScript file of a chain, a config.yaml, or the directory of a truss",
  target: "TypeScript file of a chain, a config.yaml, or the directory of a truss",
  entrypoint: "class name of the entrypoint, when the source marks none or several",
  chainlet: "display name of a chainlet; all of them by default",
};

/** @param path what stands before the command's name when a person types it. */
export function makeCommandIn(parent: Command, path: string): MakeCommand {
  return (usage, description, examples) => {
    const command = withCommonOptions(parent.command(usage).description(description));
    for (const argument of command.registeredArguments) argument.description = ARGUMENTS[argument.name()]!;
    return command
      .showHelpAfterError(`(${path} ${command.name()} --help tells more)`)
      .addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ ${example}`).join("\n")}`);
  };
}
