/**
 * How many milliseconds the caller still waits for the answer, as a whole number. Relative, so that the clocks of two
 * machines need not agree; it shrinks from hop to hop.
 */
export const DEADLINE_HEADER = "x-chains-deadline-ms";

/**
 * The hash of the schemas that the caller was built with. In an answer: the hash of those that are served, when they
 * are others.
 */
export const CONTRACT_HEADER = "x-chains-contract";

/** Asks a callee that said in an answer that it serves other schemas which these are; nothing is run. */
export const ASK_CONTRACT_HEADER = "x-chains-ask-contract";

/** The same over all attempts of a call, so that a callee can tell a repetition from a new call. */
export const IDEMPOTENCY_HEADER = "idempotency-key";

export const REQUEST_ID_HEADER = "x-baseten-request-id";
export const CHAIN_REQUEST_ID_HEADER = "x-baseten-chain-request-id";
