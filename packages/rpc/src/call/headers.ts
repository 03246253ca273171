/**
 * How many milliseconds the caller still waits for the answer, as a whole number. Relative, so that the clocks of two
 * machines need not agree; it shrinks from hop to hop.
 */
export const DEADLINE_HEADER = "x-chains-deadline-ms";

/** The hash of the schemas that the caller was built with. */
export const CONTRACT_HEADER = "x-chains-contract";

/** The same over all attempts of a call, so that a callee can tell a repetition from a new call. */
export const IDEMPOTENCY_HEADER = "idempotency-key";

export const REQUEST_ID_HEADER = "x-baseten-request-id";
export const CHAIN_REQUEST_ID_HEADER = "x-baseten-chain-request-id";
