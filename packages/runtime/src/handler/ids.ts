import { randomHex } from "@truss-chains/rpc";

/** An id for a request that came without one. */
export const newRequestId = (): string => randomHex(16);

/** The W3C trace context of a request that came without one. */
export const newTraceparent = (): string => `00-${randomHex(16)}-${randomHex(8)}-01`;
