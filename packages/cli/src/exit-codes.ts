import type { Blame, ChainsError } from "@truss-chains/errors";

/** What a command's exit status means; part of the contract of the command line. */
export const EXIT = { done: 0, input: 1, usage: 2, remote: 3, interrupted: 130 } as const;

const BY_BLAME: Readonly<Record<Blame, number>> = {
  input: EXIT.input,
  usage: EXIT.usage,
  remote: EXIT.remote,
  bug: EXIT.input,
};

export function exitCodeOf(error: ChainsError): number {
  return error.code === "INTERRUPTED" ? EXIT.interrupted : BY_BLAME[error.blame];
}
