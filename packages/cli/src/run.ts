import { ChainsError } from "@truss-chains/errors";
import { CommanderError } from "commander";
import { EXIT } from "./exit-codes.ts";
import { reportError } from "./output/report-error.ts";
import { Terminal } from "./output/terminal.ts";
import { createProgram } from "./program.ts";

/** Runs one command line, without the program's name, and tells the exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const terminal = new Terminal(args);
  try {
    await createProgram(terminal).parseAsync(args, { from: "user" });
    return terminal.failed ? EXIT.input : EXIT.done;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return reportUsage(thrown, terminal);
    return reportError(thrown instanceof ChainsError ? thrown : unexpected(thrown), terminal);
  }
}

// Commander has written help and complaints already; only machines still need to be told.
function reportUsage(error: CommanderError, terminal: Terminal): number {
  if (error.exitCode === 0) return EXIT.done;
  if (terminal.json) {
    const message =
      error.code === "commander.help" ? "No command is named." : error.message.replace(/^error: /, "");
    terminal.writeJson({ error: new ChainsError("USAGE", message, { fix: "--help tells more." }).toJSON() });
  }
  return EXIT.usage;
}

function unexpected(thrown: unknown): ChainsError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ChainsError("INTERNAL", `Something unexpected happened: ${message}`, {
    fix: "This is a fault of ours. Run it again with --verbose and report what it prints.",
    cause: thrown,
  });
}
