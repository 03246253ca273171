import { ChainsError } from "@truss-chains/errors";
import { extendsChainletBase } from "../authoring/chainlet-base.ts";
import { isChainletClass, metadataOf } from "../authoring/metadata.ts";
import { describePlace } from "../describe/locate.ts";
import { kindOf } from "../kinds/kind.ts";
import type { CheckedClass } from "./checks/report.ts";

/** The chainlet classes that a module exports, each once, in the order of their names. */
export function exportedChainlets(exports: Readonly<Record<string, unknown>>): CheckedClass[] {
  const names = Object.keys(exports).sort();
  const classes = names
    .map((name) => exports[name])
    .filter((value) => isChainletClass(value) || looksLikeChainlet(value));
  return [...new Set(classes as CheckedClass[])];
}

// Half a chainlet is chosen as well, so that the checks can say what it lacks.
function looksLikeChainlet(value: unknown): boolean {
  return typeof value === "function" && extendsChainletBase(value) && metadataOf(value) !== undefined;
}

/**
 * The chain's entrypoint: the named class, else the marked one, else the only chainlet there is.
 *
 * @throws ChainsError `SOURCE_NO_CHAINLETS`, `ENTRYPOINT_MISSING` or `ENTRYPOINT_AMBIGUOUS`.
 */
export function selectEntrypoint(
  exports: Readonly<Record<string, unknown>>,
  file: string,
  name?: string,
): CheckedClass {
  const chainlets = exportedChainlets(exports);
  const location = { file };
  const list = (classes: readonly CheckedClass[]): string => classes.map((cls) => cls.name).join(", ");
  if (name !== undefined) {
    const named =
      chainlets.find((cls) => cls.name === name) ?? chainlets.find((cls) => exports[name] === cls);
    if (named) return named;
    const exists = name in exports;
    throw new ChainsError(
      "ENTRYPOINT_MISSING",
      exists ? `${name} is not a chainlet.` : `${file} exports no ${name}.`,
      {
        fix:
          chainlets.length > 0
            ? `Its chainlets: ${list(chainlets)}.`
            : "Export a class decorated with @Chainlet().",
        location,
      },
    );
  }
  if (chainlets.length === 0) {
    throw new ChainsError("SOURCE_NO_CHAINLETS", `${file} exports no chainlet.`, {
      fix: "Write export before the class that is decorated with @Chainlet().",
      location,
    });
  }
  const marked = chainlets.filter((cls) => metadataOf(cls)?.entrypoint);
  if (marked.length === 1) return marked[0]!;
  if (marked.length > 1) {
    const places = marked.map((cls) => `${cls.name} (${describePlace(cls)})`);
    throw new ChainsError(
      "ENTRYPOINT_AMBIGUOUS",
      `${file} marks several entrypoints: ${places.join(", ")}.`,
      {
        fix: "Name one of them on the command line, or remove @markEntrypoint from the others.",
        location,
      },
    );
  }
  const candidates = chainlets.filter((cls) => !kindOf(cls));
  if (chainlets.length === 1) return chainlets[0]!;
  throw new ChainsError(
    "ENTRYPOINT_MISSING",
    `${file} marks none of its chainlets as the entrypoint: ${list(chainlets)}.`,
    {
      fix: `Put @markEntrypoint() above one of them, or name it on the command line${candidates[0] ? `, such as ${candidates[0].name}` : ""}.`,
      location,
    },
  );
}
