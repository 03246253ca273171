import type { ChainsError, Problem } from "@truss-chains/errors";

/** The faults that an error tells of: those that it lists, else itself. */
export function problemsOf({ problems, code, message, fix, location }: ChainsError): readonly Problem[] {
  if (problems.length > 0) return problems;
  return [
    { code, severity: "error", message, ...(fix !== undefined && { fix }), ...(location && { location }) },
  ];
}
