import { ChainsError } from "@truss-chains/errors";
import { NonRetryableError } from "../errors/non-retryable-error.ts";
import { originOf } from "../errors/origin.ts";

const BASE_MS = 100;
const MAX_MS = 10_000;
/** A callee that asks for a longer pause is not waited for. */
const MAX_RETRY_AFTER_MS = 60_000;

/** What happened to one attempt. */
export interface FailedAttempt {
  readonly error: unknown;
  /** 1 for the first. */
  readonly attempt: number;
  /** The value of the answer's `Retry-After`, if there was one. */
  readonly retryAfter: string | undefined;
}

/**
 * How many milliseconds to wait before the next attempt; undefined when there must be none: what the callee refused, or
 * marked as final, would fail again. The wait grows exponentially, and is drawn at random up to that ("full jitter"),
 * so that callers do not come back all at once; it is never shorter than what `Retry-After` asks for.
 */
export function retryDelayMs({ error, attempt, retryAfter }: FailedAttempt): number | undefined {
  if (!isTransient(error)) return undefined;
  const asked = parseRetryAfter(retryAfter);
  if (asked > MAX_RETRY_AFTER_MS) return undefined;
  return asked + Math.random() * Math.min(MAX_MS, BASE_MS * 2 ** (attempt - 1));
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof ChainsError) || error instanceof NonRetryableError) return false;
  const status = originOf(error)?.status;
  if (status !== undefined) return status === 408 || status === 425 || status === 429 || status >= 500;
  return error.code === "CONNECTION_FAILED" || error.code === "CALL_TIMEOUT";
}

/** Milliseconds; either a number of seconds or a date. 0 when it is neither. */
function parseRetryAfter(text: string | undefined): number {
  if (text === undefined) return 0;
  const ms = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
