import { setTimeout as delay } from "node:timers/promises";

/** Most times one request or range is tried without any progress. */
export const MAX_ATTEMPTS = 6;
/** As many times for an origin that is not there: the last attempt comes within a second. */
const MAX_KNOCKS = 3;
const LONGEST_PAUSE_MS = 10_000;
/** An origin may ask for more patience than our own pauses, within reason. */
const LONGEST_RETRY_AFTER_MS = 120_000;

/** Milliseconds before attempt `attempt + 1` (the first attempt is 1): doubling, with jitter, at most ten seconds. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(300 * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return base / 2 + (random() * base) / 2;
}

/**
 * Most times an origin is asked that no answer ever came from. Where there is no such name, nobody listens or no way
 * leads, more patience would only delay the news; a resolver that does not answer (`EAI_AGAIN`) may be starting.
 *
 * @param code of the error that the connection failed with
 */
export function patienceFor(code: string): number {
  return ["ENOTFOUND", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"].includes(code)
    ? MAX_KNOCKS
    : MAX_ATTEMPTS;
}

/** Reads `Retry-After`, in either form. @returns milliseconds, or `undefined` when absent or unreadable */
export function retryAfter(value: string | undefined, now: number = Date.now()): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\s*(\d+)\s*$/.exec(value);
  const wait = seconds ? Number(seconds[1]) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), LONGEST_RETRY_AFTER_MS) : undefined;
}

export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Waits. @throws the signal's reason as soon as it is aborted */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}
