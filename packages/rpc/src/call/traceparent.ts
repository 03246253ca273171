import { randomFillSync } from "node:crypto";

const POOL_BYTES = 4096;

// One call for random bytes costs more than everything else here: they are drawn for hundreds of ids at once.
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let at = POOL_BYTES;

/** Random lower-case hex digits, two for each byte. */
export function randomHex(bytes: number): string {
  if (at + bytes > POOL_BYTES) {
    randomFillSync(pool);
    at = 0;
  }
  at += bytes;
  return pool.toString("hex", at - bytes, at);
}

/**
 * The W3C trace context (version 00) of a call: the trace of the request that is being served, with a span of its own; a
 * new, unsampled trace outside of one.
 */
export function childTraceparent(parent: string | undefined): string {
  const match = parent !== undefined && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(parent);
  if (!match) return `00-${randomHex(16)}-${randomHex(8)}-00`;
  return `${parent.slice(0, 36)}${randomHex(8)}${parent.slice(52)}`;
}
