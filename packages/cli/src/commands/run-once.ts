import { readFile } from "node:fs/promises";
import { importChain } from "@truss-chains/compiler";
import { type ChainletClass, type CheckedClass, chainClasses, remoteConfigOf } from "@truss-chains/core";
import { readSecrets } from "@truss-chains/dev";
import { ChainsError } from "@truss-chains/errors";
import { runLocal } from "@truss-chains/testing";
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
  const request = input === undefined ? undefined : parseInput(await readInput(input), input);
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

async function readInput(input: string): Promise<string> {
  if (input === "-") {
    let text = "";
    for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
    return text;
  }
  if (!input.startsWith("@")) return input;
  const file = input.slice(1);
  return readFile(file, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    throw new ChainsError(
      "FILE_NOT_FOUND",
      `The input file ${file} cannot be read: ${thrown.code ?? thrown.message}.`,
      {
        fix: "Name an existing file after @.",
        location: { file },
      },
    );
  });
}

function parseInput(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const where =
      from === "-" ? "Standard input" : from.startsWith("@") ? `The file ${from.slice(1)}` : "The --input";
    throw new ChainsError("INPUT_INVALID", `${where} is not JSON: ${(thrown as Error).message}.`, {
      fix: `Give a JSON object, such as --input '{"maxValue": 3}'.`,
    });
  }
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
