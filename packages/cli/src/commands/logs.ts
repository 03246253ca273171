import type { ChainletLogEntry } from "@truss-chains/baseten";
import { ChainsError } from "@truss-chains/errors";
import { logLine } from "../output/log-line.ts";
import type { Terminal } from "../output/terminal.ts";
import { openTarget, type TargetOptions } from "./deployment-target.ts";
import { unlessInterrupted, untilInterrupted } from "./until-interrupted.ts";

export interface LogsOptions extends TargetOptions {
  readonly follow?: boolean;
  readonly since?: string;
}

/** Prints each line on stdout; with `--json`, each as a JSON object, one a line, so that it can be followed. */
export async function logs(
  chainlet: string | undefined,
  options: LogsOptions,
  terminal: Terminal,
): Promise<void> {
  const { follow = false, since, ...target } = options;
  const from = since === undefined ? undefined : Date.now() - durationMs(since);
  const signal = untilInterrupted();
  try {
    const deployment = await openTarget(target, terminal, signal);
    const lines = deployment.logs(chainlet, { follow, signal, ...(from !== undefined && { from }) });
    for await (const entry of lines) printLine(entry, chainlet === undefined, terminal);
  } catch (thrown) {
    // Who follows ends it so.
    if (!(follow && signal.aborted)) unlessInterrupted(signal, "Stopped before all lines had come.", thrown);
  }
}

function printLine(entry: ChainletLogEntry, isNamed: boolean, { json, resultStyle }: Terminal): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(entry)}\n`);
    return;
  }
  const { bold, dim } = resultStyle;
  const at = new Date(Number(BigInt(entry.timestamp) / 1_000_000n)).toISOString();
  const name = isNamed ? `${bold(entry.chainlet)} ` : "";
  process.stdout.write(`${dim(at)} ${name}${logLine(entry.message, resultStyle)}\n`);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** What Baseten keeps. */
const MAX_SECONDS = 7 * 86_400;

function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (UNITS[unit ?? ""] ?? Number.NaN);
  if (seconds > 0 && seconds <= MAX_SECONDS) return seconds * 1000;
  throw new ChainsError("USAGE", `${JSON.stringify(text)} is not a duration of up to seven days.`, {
    fix: "Write it as 90s, 30m, 2h or 3d.",
  });
}
