import type { Problem } from "@truss-chains/errors";
import { CodeFrames } from "./code-frame.ts";
import { placeText } from "./place-text.ts";
import type { Terminal } from "./terminal.ts";

/** Each problem with its place, the lines of the file around it, and the fix. */
export async function renderProblems(problems: readonly Problem[], terminal: Terminal): Promise<string> {
  const frames = new CodeFrames(terminal.style);
  const blocks = await Promise.all(problems.map((problem) => renderProblem(problem, frames, terminal)));
  return blocks.join("\n\n");
}

async function renderProblem(problem: Problem, frames: CodeFrames, { style }: Terminal): Promise<string> {
  const mark = problem.severity === "error" ? style.red("✖") : style.yellow("▲");
  const lines = [`${mark} ${problem.message}`];
  const place = placeText(problem.location);
  if (place !== "") lines.push(style.cyan(`  ${place}`));
  lines.push(...(await frames.at(problem.location)));
  if (problem.fix !== undefined) lines.push(`  ${style.green("→")} ${problem.fix}`);
  return lines.join("\n");
}
