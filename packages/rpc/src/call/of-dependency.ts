import { ChainsError } from "@truss-chains/errors";
import { originOf } from "../errors/origin.ts";

/**
 * A transport knows an address only; people know the dependency by its name. The stack is taken anew: that of a timer or
 * a callback of the transport does not show the author's frames.
 */
export function ofDependency(error: ChainsError, name: string): ChainsError {
  if (error.code === "CONNECTION_FAILED" && !originOf(error)) {
    return new ChainsError(
      error.code,
      `Calling the dependency Chainlet \`${name}\` failed: ${error.message}`,
      {
        ...(error.fix !== undefined && { fix: error.fix }),
        cause: error,
      },
    );
  }
  Error.captureStackTrace(error);
  return error;
}
