import { ChainsError } from "@truss-chains/errors";
import type { AbortSource } from "@truss-chains/rpc";
import type { Answer } from "./answer.ts";

/** The answer to a caller who left. Nobody gets it; its status, which is nginx's, keeps it from being counted as a failure. */
export const ABANDONED: Answer = { status: 499, headers: {}, body: "" };

/** Whether a call ended with this error because its caller left. */
export function isAbandoned(error: unknown, cancellation: AbortSource | undefined): boolean {
  const isReason = cancellation?.aborted === true && error === cancellation.reason;
  return isReason && error instanceof ChainsError && error.code === "CALL_ABORTED";
}
