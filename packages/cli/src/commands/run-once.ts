import { resolve } from "node:path";
import { importChain } from "@truss-chains/compiler";
import { type CheckedClass, chainClasses, remoteConfigOf } from "@truss-chains/core";
import { type ProvidedWeights, provideWeights, readSecrets } from "@truss-chains/dev";
import { ChainsError } from "@truss-chains/errors";
import { runLocal } from "@truss-chains/testing";
import { readJsonInput } from "../json-input.ts";
import type { Terminal } from "../output/terminal.ts";
import { WEIGHTS_EVERY_MS, WeightsLines } from "../output/weights-lines.ts";
import { interruption } from "./until-interrupted.ts";

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
    const classes = chainClasses(chain.entrypoint as CheckedClass);
    const secrets = await readSecrets(secretNames(classes), { envFile });
    await using weights = await fetchWeights(source, classes, secrets, terminal);
    await using local = await runLocal(chain.entrypoint as never, {
      secrets,
      ...(dataDir !== undefined && { dataDir }),
      ...(weights.directory !== undefined && { weightsDir: weights.directory }),
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

function secretNames(classes: readonly CheckedClass[]): Set<string> {
  return new Set(classes.flatMap((cls) => remoteConfigOf(cls).assets.secretKeys));
}

async function fetchWeights(
  source: string,
  classes: readonly CheckedClass[],
  secrets: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<ProvidedWeights> {
  const chainlets = classes.map((cls) => ({ name: cls.name, assets: remoteConfigOf(cls).assets }));
  const lines = new WeightsLines(WEIGHTS_EVERY_MS);
  // Only while fetching: the chain itself ends at once, as any program does.
  const { signal, release } = interruption();
  return provideWeights(resolve(source), chainlets, {
    secrets,
    signal,
    onEvent: (chainlet, event) => {
      const line = lines.take(event);
      if (line?.level === "warn") terminal.warn(`${chainlet}: ${line.text}`);
      else if (line) terminal.note(`${chainlet} ${line.text}`);
    },
  }).finally(release);
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
