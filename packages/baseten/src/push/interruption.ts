import { ChainsError } from "@truss-chains/errors";

/** Stops between two steps when the person has asked for it. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new ChainsError("INTERRUPTED", "The push was interrupted; nothing was deployed.", {
    fix: "Push again: what has arrived is not sent twice.",
  });
}
