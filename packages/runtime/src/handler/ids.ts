import { randomHex } from "@truss-chains/rpc";

/** An id for a request that came without one. */
export const newRequestId = (): string => randomHex(16);

/** The W3C trace context of a request that came without one. */
export const newTraceparent = (): string => `00-${randomHex(16)}-${randomHex(8)}-01`;

const TRACEPARENT = /^[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-.*)?$/;

export const isTraceparent = (text: string): boolean => TRACEPARENT.test(text) && !text.startsWith("ff");
