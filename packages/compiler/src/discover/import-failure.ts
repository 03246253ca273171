import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { ChainsError, type Location } from "@truss-chains/errors";
import { missingExport } from "./missing-export.ts";

const FRAME = /\(?((?:file:\/\/)?\/[^()]*?|[A-Za-z]:\\[^()]*?):(\d+):(\d+)\)?$/;

/**
 * What to tell of a source that threw while it was imported.
 *
 * @param modules the files of the user's own.
 */
export function importFailure(thrown: unknown, source: string, modules: readonly string[]): ChainsError {
  const location = throwingLine(thrown, source, modules);
  if (thrown instanceof ChainsError) {
    return new ChainsError(thrown.code, thrown.message, {
      location: { ...location, ...thrown.location },
      problems: thrown.problems.map((problem) => ({
        ...problem,
        location: { ...location, ...problem.location },
      })),
      ...(thrown.fix !== undefined && { fix: thrown.fix }),
      cause: thrown,
    });
  }
  const missing = missingExport(thrown, modules);
  if (missing) return missing;
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : inspect(thrown);
  const early = /Cannot access '(\w+)' before initialization/.exec(text)?.[1];
  if (early) {
    return new ChainsError("SOURCE_THROWS", `${early} is used before it is declared.`, {
      fix: `Declare class ${early} above the classes that depend on it. If they depend on each other, that is a circle: remove one @depends.`,
      location,
      cause: thrown,
    });
  }
  return new ChainsError("SOURCE_THROWS", `Importing the source throws ${text}`, {
    fix: "Loading a chain runs its top-level code only: move work that can fail into a constructor.",
    location,
    cause: thrown,
  });
}

/** The first line of the user's own code in the stack, which source maps have mapped already. */
function throwingLine(thrown: unknown, source: string, modules: readonly string[]): Location {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  for (const line of stack.split("\n")) {
    const match = /^\s*at /.test(line) ? FRAME.exec(line.trim()) : undefined;
    if (!match) continue;
    const file = match[1]!.startsWith("file:") ? fileURLToPath(match[1]!) : match[1]!;
    if (modules.includes(file)) return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return { file: source };
}
