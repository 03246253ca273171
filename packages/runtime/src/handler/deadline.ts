import { ChainsError } from "@truss-chains/errors";
import { DEADLINE_HEADER, type WireRequest } from "@truss-chains/rpc";

/** Of a number that is exact, and a moment that a date can tell. */
const MOST_DIGITS = 15;

/** When the caller gives up, in milliseconds since the epoch; undefined when it does not say. */
export function readDeadline(headers: WireRequest["headers"]): number | undefined {
  const left = headers[DEADLINE_HEADER];
  if (left === undefined || left.length === 0 || left.length > MOST_DIGITS) return undefined;
  let ms = 0;
  for (let at = 0; at < left.length; at++) {
    const digit = left.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    ms = ms * 10 + digit;
  }
  return Date.now() + ms;
}

export function deadlinePassed(): ChainsError {
  return new ChainsError("DEADLINE_EXCEEDED", "The caller's deadline passed.", {
    fix: "Raise timeoutSec of the caller's dependency, or answer faster.",
  });
}
