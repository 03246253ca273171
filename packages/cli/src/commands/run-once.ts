import { importChain } from "@truss-chains/compiler";
import { type ChainletClass, type CheckedClass, chainClasses, remoteConfigOf } from "@truss-chains/core";
import { readSecrets } from "@truss-chains/dev";
import { ChainsError } from "@truss-chains/errors";
import { runLocal } from "@truss-chains/testing";
import { readJsonInput } from "../json-input.ts";
import type { Terminal } from "../output/terminal.ts";

export interface RunOptions {
  readonly input?: string;
  readonly envFile: string;
  readonly dataDir?: string;
}

export async function runOnce(
  source: string,
  entrypoint: string | undefined,
  { input, envFile, dataDir }: RunOptions,
  terminal: Terminal,
): Promise<void> {
  const request = input === undefined ? undefined : await readJsonInput(input);
  const restore = keepStdoutForTheResult();
  try {
    const chain = await importChain(source, { entrypoint });
    const secrets = await readSecrets(secretNames(chain.entrypoint), { envFile });
    await using local = await runLocal(chain.entrypoint as never, {
      secrets,
      ...(dataDir !== undefined && { dataDir }),
    });
    const answer = (local.runRemote as (input?: unknown) => unknown)(
      ...(request === undefined ? [] : [request]),
    );
    if (isAsyncIterable(answer)) {
      for await (const item of answer) restore.write(`${JSON.stringify(item)}\n`);
    } else {
      const result = await answer;
      restore.write(
        terminal.json
          ? `${JSON.stringify(result ?? null, null, 2)}\n`
          : `${JSON.stringify(result ?? null)}\n`,
      );
    }
  } catch (thrown) {
    throw explainInput(thrown);
  } finally {
    restore.stdout();
  }
}

// Deep in a chain the same code is a chainlet's mistake; of the entrypoint's own answer it is the person's.
function explainInput(thrown: unknown): unknown {
  if (!(thrown instanceof ChainsError) || thrown.code !== "INPUT_INVALID" || thrown.problems.length === 0)
    return thrown;
  return new ChainsError("INPUT_INVALID", "The input does not fit the entrypoint's schema:", {
    problems: thrown.problems,
    fix: "Correct the --input; chains graph --json shows the schema.",
    cause: thrown,
  });
}

function secretNames(entrypoint: ChainletClass): Set<string> {
  return new Set(
    chainClasses(entrypoint as CheckedClass).flatMap((cls) => remoteConfigOf(cls).assets.secretKeys),
  );
}

/** What the chain prints goes to stderr, so that stdout holds one result whatever the chain does. */
function keepStdoutForTheResult() {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  return {
    write: (text: string) => void write(text),
    stdout: () => {
      process.stdout.write = write;
    },
  };
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
