// What every chainlet's server consists of besides the chainlet itself. The package's `bundle` script makes one file of
// it, so that a build of many chainlets need not bundle the same server again for each.
import { ChainsError } from "@truss-chains/errors";
import { serveChainlet } from "@truss-chains/runtime";
import * as authoring from "./authoring.ts";
import type * as facade from "./index.ts";

/** All that a chain's source may import from "truss-chains", and what starts its server. */
export const sdk: typeof facade & { readonly serveChainlet: typeof serveChainlet } = {
  ...authoring,
  // A server holds one chainlet, so there is no chain to run; nor should it wait for the code that would.
  runLocal() {
    throw new ChainsError("USAGE", "runLocal was called in the server of a chainlet.", {
      fix: "Call it from a script or a test that imports the chain, not while the chain is imported.",
    });
  },
  serveChainlet,
};
