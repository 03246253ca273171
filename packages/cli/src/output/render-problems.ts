import { readFile } from "node:fs/promises";
import type { Location, Problem } from "@truss-chains/errors";
import { placeText } from "./place-text.ts";
import type { Terminal } from "./terminal.ts";

/** Each problem with its place, the lines of the file around it, and the fix. */
export async function renderProblems(problems: readonly Problem[], terminal: Terminal): Promise<string> {
  const blocks = await Promise.all(problems.map((problem) => renderProblem(problem, terminal)));
  return blocks.join("\n\n");
}

async function renderProblem(problem: Problem, { style }: Terminal): Promise<string> {
  const mark = problem.severity === "error" ? style.red("✖") : style.yellow("▲");
  const lines = [`${mark} ${problem.message}`];
  const place = placeText(problem.location);
  if (place !== "") lines.push(style.cyan(`  ${place}`));
  lines.push(...(await codeFrame(problem.location, style)));
  if (problem.fix !== undefined) lines.push(`  ${style.green("→")} ${problem.fix}`);
  return lines.join("\n");
}

const CONTEXT = 1;

async function codeFrame(location: Location | undefined, style: Terminal["style"]): Promise<string[]> {
  if (location?.file === undefined || location.line === undefined) return [];
  // The file may be gone by now, or be a module that never was a file: the place alone has to do then.
  const text = await readFile(location.file, "utf8").catch(() => undefined);
  const lines = text?.split(/\r?\n/);
  if (!lines || location.line > lines.length) return [];
  const first = Math.max(1, location.line - CONTEXT);
  const last = Math.min(lines.length, location.line + CONTEXT);
  const width = String(last).length;
  const frame: string[] = [];
  for (let at = first; at <= last; at++) {
    const isIt = at === location.line;
    const gutter = `${isIt ? ">" : " "} ${String(at).padStart(width)} |`;
    frame.push(`  ${isIt ? style.red(gutter) : style.dim(gutter)} ${lines[at - 1]}`.trimEnd());
    if (isIt && location.column !== undefined) {
      const indent = lines[at - 1]!.slice(0, location.column - 1).replace(/[^\t]/g, " ");
      frame.push(`  ${style.dim(`  ${" ".repeat(width)} |`)} ${indent}${style.red("^")}`);
    }
  }
  return frame;
}
