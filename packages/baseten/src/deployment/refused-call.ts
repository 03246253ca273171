import { ChainsError } from "@truss-chains/errors";
import type { Baseten } from "../api/baseten.ts";
import { refusedKey } from "../api/refusal.ts";

const LONGEST = 500;

/** The error for an answer of 400 or more to a call of a deployed chain, with the chain's own words. */
export function refusedCall({ account }: Baseten, url: string, status: number, answer: string): ChainsError {
  if (status === 401) return refusedKey(account.name, status);
  const body = account.apiKey.redact(answer);
  const excerpt = body.length > LONGEST ? `${body.slice(0, LONGEST)}…` : body || "(nothing)";
  return new ChainsError("INVOCATION_FAILED", `${url} answered with status ${status}: ${excerpt}`, {
    fix: status < 500 ? "Look at the input." : "Look at the logs with chains logs.",
    data: { status, body },
  });
}
