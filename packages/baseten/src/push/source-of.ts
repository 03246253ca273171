import { buildGraph, type CheckedClass } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";

/** A chainlet class that is an entrypoint. */
export type EntrypointClass = abstract new (...args: any[]) => { runRemote: (...args: any[]) => any };

/** The file that declares a class, and the class's name in it. */
export function sourceOf(cls: EntrypointClass): { readonly source: string; readonly entrypoint: string } {
  const { nodes, entrypoint } = buildGraph(cls as unknown as CheckedClass);
  const { location } = nodes.find(({ name }) => name === entrypoint)!;
  if (location.file !== undefined) return { source: location.file, entrypoint };
  throw new ChainsError("SOURCE_NOT_FOUND", `It cannot be told which file declares ${entrypoint}.`, {
    fix: "Give the path of the source instead of the class, and the class's name as entrypoint.",
    location,
  });
}
