import {
  type ChainGraph,
  type CheckedClass,
  chainClasses,
  lineage,
  locate,
  sourceFactsOf,
} from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { ClassOrigin } from "./discovered-chain.ts";

/**
 * Where the code of each chainlet is.
 *
 * @throws ChainsError `BUNDLE_FAILED` for a code chainlet that is no top-level class of the user's own source, which
 *   could not be told from the other chainlets' code.
 */
export function originsOf(
  entrypoint: CheckedClass,
  graph: ChainGraph,
): Record<string, readonly ClassOrigin[]> {
  const origins: Record<string, readonly ClassOrigin[]> = {};
  for (const cls of chainClasses(entrypoint)) {
    const isCode = graph.nodes.find((node) => node.name === cls.name)?.kind === "code";
    if (isCode && !sourceFactsOf(cls)) {
      throw new ChainsError(
        "BUNDLE_FAILED",
        `The chainlet ${cls.name} is not a top-level class of your own source.`,
        {
          fix: "Declare it at the top level of a file of your project, not inside a function or in an installed package.",
          location: locate(cls),
        },
      );
    }
    origins[cls.name] = lineage(cls).flatMap((one) => {
      const facts = sourceFactsOf(one);
      return facts ? [{ file: facts.file, name: one.name }] : [];
    });
  }
  return origins;
}
