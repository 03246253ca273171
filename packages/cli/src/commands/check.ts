import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { ChainsError, type Problem } from "@truss-chains/errors";
import { placeText } from "../output/place-text.ts";
import { hasErrors } from "../output/render-error.ts";
import { renderProblems } from "../output/render-problems.ts";
import type { Terminal } from "../output/terminal.ts";
import { problemsOf } from "./problems-of.ts";

/** What a check found; `subject` says in a few words what was checked. */
export interface CheckResult {
  readonly subject: string;
  readonly problems: readonly Problem[];
}

/** Reports every problem at once. Its result is the list: a fault in the input is no failure of the command. */
export async function check(path: string, entrypoint: string | undefined, terminal: Terminal): Promise<void> {
  const { subject, problems } = await findProblems(path, entrypoint);
  const ok = !hasErrors(problems);
  terminal.failed = !ok;
  if (terminal.json) {
    terminal.writeJson({ ok, subject, problems });
    return;
  }
  if (problems.length > 0) terminal.error(`${await renderProblems(problems, terminal)}\n`);
  const { green, red } = terminal.resultStyle;
  const warnings = problems.filter((problem) => problem.severity === "warning").length;
  const faults = problems.length - warnings;
  const tail = warnings > 0 ? ` (${count(warnings, "warning")})` : "";
  terminal.result(
    ok
      ? `${green("✔")} ${subject} is valid${tail}`
      : `${red("✖")} ${subject} has ${count(faults, "problem")}${tail}`,
  );
}

async function findProblems(path: string, entrypoint: string | undefined): Promise<CheckResult> {
  const file = resolve(path);
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() || /\.ya?ml$/.test(extname(file))) {
    const { checkTruss } = await import("./check-truss.ts");
    return checkTruss(path);
  }
  const { discoverChain } = await import("@truss-chains/compiler/discover");
  const subject = placeText({ file });
  try {
    const chain = await discoverChain(path, { entrypoint });
    const { checkFiles } = await import("@truss-chains/compiler");
    const { name, nodes } = chain.graph;
    return { subject: `${name} (${count(nodes.length, "chainlet")})`, problems: await checkFiles(chain) };
  } catch (thrown) {
    if (!(thrown instanceof ChainsError) || thrown.code === "SOURCE_NOT_FOUND") throw thrown;
    return { subject, problems: problemsOf(thrown) };
  }
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
