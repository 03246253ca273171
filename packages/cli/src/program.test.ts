import type { Command } from "commander";
import { expect, test } from "vitest";
import { Terminal } from "./output/terminal.ts";
import { createProgram } from "./program.ts";

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((one) => [one, ...allCommands(one)]);
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** What `--help` prints, with what is added below it. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

const commands = allCommands(createProgram(new Terminal([]))).map(
  (command) => [nameOf(command), command] as const,
);

test.each(commands)(
  "%s --help says what it does and takes, with examples, in 80 columns",
  (name, command) => {
    const help = helpOf(command);
    expect(command.description()).toMatch(/\.$/);
    for (const { description, long } of command.options) expect(description, long).not.toBe("");
    for (const argument of command.registeredArguments) {
      expect(argument.description, argument.name()).not.toBe("");
    }
    expect(help).toContain(`  $ ${name}`);
    for (const line of help.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  },
);

test("chains --help shows the commands by what they are for", () => {
  const help = helpOf(createProgram(new Terminal([])));
  expect(help.match(/^\S.*:$/gm)).toEqual(["Options:", "Develop:", "Deploy:", "Configs and weights:"]);
});

test.each([
  [["run"], "chains run --help"],
  [["weights", "plan"], "chains weights plan --help"],
  [["rum"], "chains --help"],
])("a wrong use of %s names the help that tells more", async (args, help) => {
  const program = createProgram(new Terminal([]));
  let said = "";
  for (const command of [program, ...allCommands(program)]) {
    command.configureOutput({ writeErr: (text) => (said += text) });
  }
  await expect(program.parseAsync(args, { from: "user" })).rejects.toThrow();
  expect(said).toContain(`(${help} tells more)`);
});
