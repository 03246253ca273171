import { ChainsError } from "@truss-chains/errors";

/** Stops between two steps when the person has asked for it. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

/** Does work that the signal ends. Whatever breaks because of it is told as the interruption that it is. */
export async function interruptible<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  throwIfInterrupted(signal);
  try {
    return await work();
  } catch (thrown) {
    if (!signal?.aborted || (thrown instanceof ChainsError && thrown.code === "INTERRUPTED")) throw thrown;
    throw interrupted(thrown);
  }
}

function interrupted(cause?: unknown): ChainsError {
  return new ChainsError("INTERRUPTED", "The push was stopped; nothing was deployed.", {
    fix: "Push again: what has arrived is not sent twice.",
    ...(cause !== undefined && { cause }),
  });
}
