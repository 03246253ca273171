import { ChainsError } from "@truss-chains/errors";
import { toPlainError } from "../resolver/messages.ts";
import { runTransfer } from "../run/run.ts";
import { readSettings } from "../settings.ts";
import { HELP, readArguments } from "./arguments.ts";
import { jsonReporter, lineReporter, type Reporter, terminalReporter } from "./reporter.ts";

/** The process around the command, so that tests need none. */
export interface CliProcess {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly signal: AbortSignal;
}

/** `truss-transfer-cli`. @returns the exit code */
export async function runCli(around: CliProcess): Promise<number> {
  const { dir, json, help } = readArguments(around.args);
  if (help) {
    around.stdout.write(HELP);
    return 0;
  }
  const fromEnv = readSettings(around.env);
  const settings = { ...fromEnv, downloadDir: dir ?? fromEnv.downloadDir };
  const reporter = chooseReporter(around, json, settings.logLevel, settings.monitorSecs);
  try {
    await runTransfer({
      settings,
      env: around.env,
      signal: around.signal,
      onEvent: (event) => reporter.event(event),
    });
    reporter.end();
    return 0;
  } catch (error) {
    reporter.end();
    if (json) around.stdout.write(`${JSON.stringify(errorEvent(error))}\n`);
    around.stderr.write(`ERROR ${explain(error)}\n`);
    return around.signal.aborted ? 130 : 1;
  }
}

function chooseReporter(
  { stdout, stderr }: CliProcess,
  json: boolean,
  level: ReturnType<typeof readSettings>["logLevel"],
  monitorSecs: number,
): Reporter {
  if (json) return jsonReporter((text) => stdout.write(text));
  const write = (text: string) => stderr.write(text);
  if (stderr.isTTY) return terminalReporter(write, { columns: stderr.columns ?? 80, level });
  return lineReporter(write, { level, progressEveryMs: monitorSecs * 1000 });
}

/** The last line of `--json` after a failure; `file` is the one that it is about, `null` when it is about none. */
function errorEvent(error: unknown): Record<string, unknown> {
  const { code, message, fix, location } = toPlainError(error);
  return { type: "error", code, message, fix: fix ?? null, file: location?.file ?? null };
}

function explain(error: unknown): string {
  if (!(error instanceof ChainsError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause = error.code === "INTERNAL" && error.cause instanceof Error ? `\n${error.cause.stack}` : "";
  return `[${error.code}] ${error.message}${error.fix === undefined ? "" : ` ${error.fix}`}${cause}`;
}
