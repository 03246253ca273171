import { randomFillSync } from "node:crypto";

// One draw from the system serves many requests: drawing 24 bytes each time costs twenty times as much.
const POOL_SIZE = 4096;
const pool = Buffer.allocUnsafeSlow(POOL_SIZE);
let used = POOL_SIZE;

function randomHex(bytes: number): string {
  if (used + bytes > POOL_SIZE) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString("hex", used, used + bytes);
  used += bytes;
  return hex;
}

/** An id for a request that came without one. */
export const newRequestId = (): string => randomHex(16);

/** The W3C trace context of a request that came without one. */
export const newTraceparent = (): string => `00-${randomHex(16)}-${randomHex(8)}-01`;

const TRACEPARENT = /^[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-.*)?$/;

export const isTraceparent = (text: string): boolean => TRACEPARENT.test(text) && !text.startsWith("ff");
