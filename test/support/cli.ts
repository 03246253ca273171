import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("@truss-chains/cli/package.json"));

/** The `chains` command as it is installed. */
export const CHAINS = join(PACKAGE, "dist", "bin.js");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs `chains` to its end. */
export async function chains(args: readonly string[], options: CliOptions = {}): Promise<Finished> {
  const running = startChains(args, options);
  running.process.stdin?.end(options.input ?? "");
  const [code] = (await once(running.process, "close")) as [number | null];
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

/** A `chains` command that goes on until it is stopped. It is killed when the test ends. */
export interface RunningChains {
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match in what was and will be written. */
  saw(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export function startChains(args: readonly string[], { cwd, env }: CliOptions = {}): RunningChains {
  const child = spawn(process.execPath, [CHAINS, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const written = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      written[stream] += text;
      for (const listener of listeners) listener();
    });
  }
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  });
  return {
    process: child,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    saw: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(written.stdout) ?? pattern.exec(written.stderr);
          if (!match) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        child.once("close", (code) => {
          reject(
            new Error(
              `chains ended with ${code} before it wrote ${pattern}:\n${written.stdout}\n${written.stderr}`,
            ),
          );
        });
        look();
      }),
    stop: async (signal = "SIGINT") => {
      const ended = once(child, "exit") as Promise<[number | null]>;
      child.kill(signal);
      return (await ended)[0];
    },
  };
}
