// What every chainlet's server consists of besides the chainlet itself. The package's `bundle` script makes one file of
// it, so that a build of many chainlets need not bundle the same server again for each.
import { serveChainlet } from "@truss-chains/runtime";
import * as facade from "../index.ts";

/** All that a chain's source may import from "truss-chains", and what starts its server. */
export const sdk: typeof facade & { readonly serveChainlet: typeof serveChainlet } = {
  ...facade,
  serveChainlet,
};
