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

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?=$|-)/;
const LENGTH = 55;

/** Whether this is a W3C trace context. One of a later version may have more parts. */
export function isTraceparent(text: string): boolean {
  return TRACEPARENT.test(text) && (text.length === LENGTH || !text.startsWith("00"));
}

/**
 * The W3C trace context of a call: the trace of the request that is being served, with a span of its own; a new,
 * unsampled trace outside of one. It is sent on in version 00: a later one, which may have more parts, is to be read as
 * that by who does not know it.
 */
export function childTraceparent(parent: string | undefined): string {
  if (parent === undefined || !isTraceparent(parent)) return `00-${randomHex(16)}-${randomHex(8)}-00`;
  return `00${parent.slice(2, 36)}${randomHex(8)}${parent.slice(52, LENGTH)}`;
}
