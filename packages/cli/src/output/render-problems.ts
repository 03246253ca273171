import type { Problem } from "@truss-chains/errors";
import { CodeFrames } from "./code-frame.ts";
import { placeText } from "./place-text.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Each problem with its place, its code, the lines of the file around it, and the fix.
 *
 * @param told a code that need not be said again.
 */
export async function renderProblems(
  problems: readonly Problem[],
  terminal: Terminal,
  told?: string,
): Promise<string> {
  const frames = new CodeFrames(terminal);
  const blocks = await Promise.all(problems.map((problem) => renderProblem(problem, frames, terminal, told)));
  return blocks.join("\n\n");
}

async function renderProblem(
  problem: Problem,
  frames: CodeFrames,
  { style }: Terminal,
  told: string | undefined,
): Promise<string> {
  const mark = problem.severity === "error" ? style.red("✖") : style.yellow("▲");
  const lines = [`${mark} ${problem.message}`];
  const place = placeText(problem.location);
  const where = [
    ...(place === "" ? [] : [style.cyan(place)]),
    ...(problem.code === told ? [] : [style.dim(`[${problem.code}]`)]),
  ];
  if (where.length > 0) lines.push(`  ${where.join(" ")}`);
  lines.push(...(await frames.at(problem.location)));
  if (problem.fix !== undefined) lines.push(`  ${style.green("→")} ${problem.fix}`);
  return lines.join("\n");
}
