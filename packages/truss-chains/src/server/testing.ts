import { ChainsError } from "@truss-chains/errors";

/**
 * What stands for `@truss-chains/testing` in a server: it holds one chainlet, so there is no chain to run; nor should its
 * start wait for the code that would.
 *
 * @throws ChainsError `USAGE`, always.
 */
export function runLocal(): never {
  throw new ChainsError("USAGE", "runLocal was called in the server of a chainlet.", {
    fix: "Call it from a script or a test that imports the chain, not while the chain is imported.",
  });
}
