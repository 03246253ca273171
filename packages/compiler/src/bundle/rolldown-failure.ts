import { resolve } from "node:path";
import { ChainsError, type Problem } from "@truss-chains/errors";

interface RolldownFault {
  readonly code?: string;
  readonly message?: string;
  readonly id?: string;
  readonly exporter?: string;
  readonly loc?: { readonly line: number; readonly column: number; readonly file?: string };
  readonly cause?: unknown;
}

/** Turns what rolldown throws into one error of ours; an error of ours that a plugin threw comes out as it went in. */
export function fromRolldown(thrown: unknown, cwd: string): ChainsError {
  const faults = (thrown as { errors?: RolldownFault[] }).errors ?? [thrown as RolldownFault];
  for (const fault of [thrown as RolldownFault, ...faults]) {
    if (fault instanceof ChainsError) return fault;
    if (fault.cause instanceof ChainsError) return fault.cause;
  }
  const problems = faults.map((fault) => toProblem(fault, cwd));
  const missing = problems.every((problem) => problem.code === "SOURCE_IMPORT_MISSING");
  const summary = missing ? "An import cannot be found:" : "The source cannot be bundled:";
  return ChainsError.fromProblems(missing ? "SOURCE_IMPORT_MISSING" : "BUNDLE_FAILED", summary, problems);
}

function toProblem(fault: RolldownFault, cwd: string): Problem {
  const file = fault.loc?.file ?? fault.id;
  const location = {
    ...(file !== undefined && { file: resolve(cwd, file) }),
    ...(fault.loc && { line: fault.loc.line, column: fault.loc.column + 1 }),
  };
  if (fault.code === "UNRESOLVED_IMPORT") return missingImport(fault.exporter ?? "an import", location);
  const headline = (fault.message ?? String(fault)).split("\n")[0]!.replace(/^\[\w+\] /, "");
  return { code: "BUNDLE_FAILED", severity: "error", message: headline, location };
}

/** The problem of an import that leads nowhere. */
export function missingImport(specifier: string, location: Problem["location"] & object): Problem {
  const isPath = /^[./]/.test(specifier);
  return {
    code: "SOURCE_IMPORT_MISSING",
    severity: "error",
    message: `"${specifier}" cannot be found.`,
    fix: isPath ? "Check the path and the file's ending." : `Install it: npm install ${specifier}`,
    location,
  };
}
