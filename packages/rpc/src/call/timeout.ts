import { ChainsError } from "@truss-chains/errors";

/** The error of a call that took too long. Begins as the Python package's does. */
export function callTimeout(dependency: string, limit: string): ChainsError {
  return new ChainsError("CALL_TIMEOUT", `Timeout calling remote Chainlet \`${dependency}\` (${limit}).`, {
    fix: "Raise the limit, or make the dependency answer faster.",
  });
}
