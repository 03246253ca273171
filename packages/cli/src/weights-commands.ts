import { type MakeCommand, makeCommandIn } from "./make-command.ts";
import type { Terminal } from "./output/terminal.ts";

const DEFAULT_DIRECTORY = "model_cache";

/** The commands about weights. Each one's code is loaded when it is run. */
export function addWeightsCommands(command: MakeCommand, terminal: Terminal): void {
  const group = command("weights", "See, fetch, pin and verify the weights that a chain or a truss names.", [
    "chains weights plan chain.ts",
    "chains weights pull path/to/truss --dir ./weights",
  ]);
  group.helpCommand(false);
  const sub = makeCommandIn(group, "chains weights");
  const directory = ["-d, --dir <dir>", "where the weights are on this machine", DEFAULT_DIRECTORY] as const;

  sub("plan <target> [entrypoint]", "Show what would be fetched, and whether it can be.", [
    "chains weights plan chain.ts",
    "chains weights plan path/to/truss --json",
  ])
    .option(...directory)
    .action(async (target, entrypoint, options) =>
      (await import("./commands/weights-plan.ts")).weightsPlan(target, entrypoint, options, terminal),
    );
  sub("pull <target> [entrypoint]", "Fetch the weights to this machine, verified.", [
    "chains weights pull chain.ts",
    "chains weights pull path/to/truss --dir ./weights",
  ])
    .option(...directory)
    .action(async (target, entrypoint, options) =>
      (await import("./commands/weights-pull.ts")).weightsPull(target, entrypoint, options, terminal),
    );
  sub("pin <target> [entrypoint]", "Replace branches by commits in the source, and write chains.lock.", [
    "chains weights pin chain.ts",
  ]).action(async (target, entrypoint) =>
    (await import("./commands/weights-pin.ts")).weightsPin(target, entrypoint, terminal),
  );
  sub("verify <target> [entrypoint]", "Compare the weights on this machine with their sources.", [
    "chains weights verify chain.ts",
    "chains weights verify path/to/truss --dir ./weights",
  ])
    .option(...directory)
    .action(async (target, entrypoint, options) =>
      (await import("./commands/weights-verify.ts")).weightsVerify(target, entrypoint, options, terminal),
    );
}
