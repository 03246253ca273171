import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ChainsError, type Problem } from "@truss-chains/errors";
import { originalOf } from "./copies.ts";
import { missingPath } from "./missing-import.ts";

interface RolldownFault {
  readonly code?: string;
  readonly message?: string;
  readonly id?: string;
  readonly exporter?: string;
  readonly loc?: { readonly line: number; readonly column: number; readonly file?: string };
}

/** Turns what rolldown throws into one error of ours. */
export function fromRolldown(thrown: unknown, cwd: string): ChainsError {
  const faults = (thrown as { errors?: RolldownFault[] }).errors ?? [thrown as RolldownFault];
  // Every chainlet has its own copy of a module, and each of them fails alike.
  const told = new Map(
    faults.map((fault) => toProblem(fault, cwd)).map((each) => [JSON.stringify(each), each]),
  );
  const problems = [...told.values()];
  const missing = problems.every((problem) => problem.code === "SOURCE_IMPORT_MISSING");
  const summary = missing ? "An import cannot be found:" : "The source cannot be bundled:";
  return ChainsError.fromProblems(missing ? "SOURCE_IMPORT_MISSING" : "BUNDLE_FAILED", summary, problems);
}

function toProblem(fault: RolldownFault, cwd: string): Problem {
  const file = fault.loc?.file ?? fault.id;
  const location = {
    ...(file !== undefined && { file: resolve(cwd, originalOf(file)) }),
    ...(fault.loc && { line: fault.loc.line, column: fault.loc.column + 1 }),
  };
  if (fault.code === "UNRESOLVED_IMPORT") return missingPath(fault.exporter ?? "an import", location);
  const text = stripVTControlCharacters(fault.message ?? String(fault));
  const headline = text
    .split("\n")[0]!
    .replace(/^\[\w+\] /, "")
    .replaceAll("\0", "");
  return { code: "BUNDLE_FAILED", severity: "error", message: headline, location };
}
