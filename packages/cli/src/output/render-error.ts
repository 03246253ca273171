import { type ChainsError, catalogue, type Problem } from "@truss-chains/errors";
import { placeText } from "./place-text.ts";
import { renderProblems } from "./render-problems.ts";
import type { Terminal } from "./terminal.ts";

/** An error for a person: what is wrong, where, and what to do. The stack of a user's mistake is of no use. */
export async function renderError(error: ChainsError, terminal: Terminal): Promise<string> {
  const { style, verbose } = terminal;
  if (error.code === "INTERRUPTED") return renderInterruption(error, style);
  const headline = `${style.red(style.bold("error"))} ${style.dim(`[${error.code}]`)} ${style.bold(catalogue[error.code].title)}`;
  const lines = [headline];
  if (error.problems.length > 0) {
    const firstLine = error.message.split("\n")[0]!;
    if (error.problems.length > 1 || error.message.includes("\n")) lines.push(firstLine);
    lines.push("", await renderProblems(error.problems, terminal, error.code));
    const isTold = error.problems.some((problem) => problem.fix === error.fix);
    if (error.fix !== undefined && !isTold) lines.push("", `${style.green("Try:")} ${error.fix}`);
  } else {
    lines.push(error.message);
    const place = placeText(error.location);
    if (place !== "") lines.push(style.cyan(`  at ${place}`));
    if (error.fix !== undefined) lines.push(`${style.green("Try:")} ${error.fix}`);
  }
  if (verbose || error.code === "INTERNAL") lines.push("", style.dim(stackOf(error)));
  return lines.join("\n");
}

/** Whoever has stopped something made no mistake. */
function renderInterruption({ message, fix }: ChainsError, style: Terminal["style"]): string {
  return [`${style.yellow("■")} ${message}`, ...(fix === undefined ? [] : [style.dim(fix)])].join("\n");
}

function stackOf(error: ChainsError): string {
  const { cause } = error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : (error.stack ?? "");
}

/** Whether a list of problems stops a command. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error");
}
