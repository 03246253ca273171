import { ChainsError } from "@truss-chains/errors";
import { DEADLINE_HEADER, type WireRequest } from "@truss-chains/rpc";

/** When the caller gives up, in milliseconds since the epoch; undefined when it does not say. */
export function readDeadline(headers: WireRequest["headers"]): number | undefined {
  const left = headers[DEADLINE_HEADER];
  if (left === undefined || !/^\d{1,15}$/.test(left)) return undefined;
  return Date.now() + Number(left);
}

export function deadlinePassed(): ChainsError {
  return new ChainsError("DEADLINE_EXCEEDED", "The caller's deadline passed.", {
    fix: "Raise timeoutSec of the caller's dependency, or answer faster.",
  });
}
