import { type ChainletDescriptor, constructAs } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { currentRequestScope, userFrames } from "@truss-chains/rpc";
import { relocate } from "./relocate.ts";

/**
 * Constructs a chainlet. What its constructor throws goes through as it is; see `startupError`. The name marks where
 * the author's frames end in a stack.
 */
export function constructChainlet({ chainletClass }: ChainletDescriptor, args: readonly unknown[]): object {
  return constructAs(chainletClass, servesCall, () => new chainletClass(...args));
}

const servesCall = (): boolean => currentRequestScope() !== undefined;

/** Why a chainlet could not be made, as an error that says which, and where in its author's source. */
export async function startupError({ name }: ChainletDescriptor, error: unknown): Promise<ChainsError> {
  if (error instanceof ChainsError && error.location) return error;
  const place = { ...(await placeOf(error)), className: name, member: "constructor" };
  if (error instanceof ChainsError) return relocate(error, place);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : "a value that is not an Error.";
  return new ChainsError("STARTUP_FAILED", `The constructor of ${name} threw ${what}`, {
    fix: "The chainlet takes calls once its constructor succeeds.",
    location: place,
    cause: error,
  });
}

/** The line that threw. */
async function placeOf(error: unknown): Promise<{ file?: string; line?: number }> {
  const frame = (await userFrames(error, { boundary: constructChainlet.name })).at(-1);
  if (!frame) return {};
  return { file: frame.filename, ...(frame.lineno !== null && { line: frame.lineno }) };
}
