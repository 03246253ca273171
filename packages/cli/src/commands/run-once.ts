import { resolve } from "node:path";
import { API_KEY_SECRET, type ImportedChain, importChain } from "@truss-chains/compiler";
import {
  type ChainletClass,
  type CheckedClass,
  chainClasses,
  describeChainlet,
  remoteConfigOf,
  toJsonSchema,
} from "@truss-chains/core";
import { foreignAddresses, type ProvidedWeights, provideWeights, readSecrets } from "@truss-chains/dev";
import { ChainsError } from "@truss-chains/errors";
import { runLocal } from "@truss-chains/testing";
import { readJsonInput } from "../json-input.ts";
import { exampleOf } from "../output/example-of.ts";
import { quoted } from "../output/local-call.ts";
import { reportError } from "../output/report-error.ts";
import { shortPath } from "../output/short-path.ts";
import type { Terminal } from "../output/terminal.ts";
import { WEIGHTS_EVERY_MS, WeightsLines } from "../output/weights-lines.ts";
import { failOnEarlyExit } from "./early-exit.ts";
import { onStrayFailure } from "./stray-failure.ts";
import { interruption } from "./until-interrupted.ts";

export interface RunOptions {
  readonly input?: string;
  readonly secrets?: string;
  readonly dataDir?: string;
  readonly service?: Readonly<Record<string, string>>;
}

export async function runOnce(
  source: string,
  entrypoint: string | undefined,
  options: RunOptions,
  terminal: Terminal,
): Promise<void> {
  const { input } = options;
  const request = input === undefined ? [] : [await readJsonInput(input)];
  const restore = keepStdoutForTheResult();
  const ended = failOnEarlyExit(terminal);
  onStrayFailure(async (error) => {
    restore.stdout();
    ended();
    process.exit(await reportError(error, terminal));
  });
  try {
    await runChain(source, entrypoint, request, options, terminal, restore.write);
  } finally {
    restore.stdout();
    ended();
  }
}

async function runChain(
  source: string,
  entrypoint: string | undefined,
  request: readonly unknown[],
  options: RunOptions,
  terminal: Terminal,
  write: (text: string) => void,
): Promise<void> {
  const chain = await importChain(source, { entrypoint });
  refuseSocket(chain);
  const classes = chainClasses(chain.entrypoint as CheckedClass);
  const services = servicesOf(classes, options.service);
  const secrets = await readSecrets(secretNames(classes), {
    ...(options.secrets !== undefined && { envFile: options.secrets }),
  });
  await using weights = await fetchWeights(source, classes, secrets, terminal);
  await using local = runLocal(chain.entrypoint as never, {
    // What runs elsewhere decides what a key is worth.
    secrets: { [API_KEY_SECRET]: "local", ...secrets },
    services,
    ...(options.dataDir !== undefined && { dataDir: resolve(options.dataDir) }),
    ...(weights.directory !== undefined && { weightsDir: weights.directory }),
  });
  const answer = (local.runRemote as (...request: readonly unknown[]) => unknown)(...request);
  const indent = terminal.json ? 2 : undefined;
  try {
    if (!isAsyncIterable(answer)) write(`${JSON.stringify((await answer) ?? null, null, indent)}\n`);
    else if (terminal.json) write(`${JSON.stringify(await itemsOf(answer), null, indent)}\n`);
    else for await (const item of answer) write(`${JSON.stringify(inJson(item))}\n`);
  } catch (thrown) {
    throw explainInput(thrown, chain);
  }
}

async function itemsOf(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) items.push(inJson(item));
  return items;
}

function inJson(item: unknown): unknown {
  return item instanceof Uint8Array ? Buffer.from(item).toString("base64") : item;
}

function refuseSocket({ entrypoint, source }: ImportedChain): void {
  const { name, endpoint } = describeChainlet(entrypoint);
  if (endpoint.kind !== "websocket") return;
  throw new ChainsError("USAGE", `${name} is a WebSocket: it has a conversation, and no result to print.`, {
    fix: `Serve it with chains dev ${shortPath(source)}, and connect to the address that it prints; once it is deployed, chains invoke talks to it.`,
  });
}

function servicesOf(classes: readonly CheckedClass[], given: RunOptions["service"]) {
  const foreign = classes
    .map((cls) => describeChainlet(cls as ChainletClass))
    .filter(({ kind }) => kind !== "code");
  const addresses = Object.entries(foreignAddresses(foreign, given));
  return Object.fromEntries(addresses.map(([name, url]) => [name, { predict_url: url }]));
}

// Deep in a chain the same code is a chainlet's mistake; of the entrypoint's own answer it is the person's.
function explainInput(thrown: unknown, { entrypoint, source }: ImportedChain): unknown {
  if (!(thrown instanceof ChainsError) || thrown.code !== "INPUT_INVALID" || thrown.problems.length === 0)
    return thrown;
  return new ChainsError("INPUT_INVALID", "The input does not fit the entrypoint's schema:", {
    problems: thrown.problems,
    fix: `Give one that fits, such as ${exampleInput(entrypoint)}; chains graph ${shortPath(source)} --json shows the schema.`,
    cause: thrown,
  });
}

function exampleInput(entrypoint: ChainletClass): string {
  const { endpoint } = describeChainlet(entrypoint);
  const schema = endpoint.kind !== "websocket" && endpoint.input ? toJsonSchema(endpoint.input, "input") : {};
  return `--input ${quoted(JSON.stringify(exampleOf(schema)))}`;
}

function secretNames(classes: readonly CheckedClass[]): Set<string> {
  return new Set([API_KEY_SECRET, ...classes.flatMap((cls) => remoteConfigOf(cls).assets.secretKeys)]);
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
