import { ChainsError } from "@truss-chains/errors";
import type { Handler } from "./answer.ts";
import { failureAnswer } from "./failure.ts";

/** Answers every call with 503: the chainlet is not constructed yet, or shutting down. */
export function notReady(chainlet: string): Handler {
  return async () =>
    failureAnswer(
      new ChainsError("CHAINLET_NOT_READY", `${chainlet} is not ready to take calls.`, {
        fix: "Call again when its readiness endpoint answers 200.",
      }),
    );
}
