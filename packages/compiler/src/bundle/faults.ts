import { ChainsError, type Problem } from "@truss-chains/errors";
import { missingImport } from "./missing-import.ts";
import { fromRolldown } from "./rolldown-failure.ts";

/**
 * What plugins find wrong while rolldown works. Rolldown rewrites the errors that plugins throw, so they are kept here,
 * and all of them are told at the end.
 */
export class Faults {
  readonly #problems: Problem[] = [];
  #summary: { code: ChainsError["code"]; text: string } | undefined;

  /** An import of the user's own that leads nowhere. */
  async missing(specifier: string, importer: string): Promise<void> {
    this.#summary ??= { code: "SOURCE_IMPORT_MISSING", text: "An import cannot be found:" };
    this.#add(await missingImport(specifier, importer));
  }

  /** Runs a step of a plugin; a fault of the user's source in it is kept, and ends the build. */
  collect<T>(step: () => T): T {
    try {
      return step();
    } catch (thrown) {
      if (thrown instanceof ChainsError) {
        this.#summary ??= { code: thrown.code, text: thrown.message.split("\n")[0]! };
        for (const problem of thrown.problems) this.#add(problem);
      }
      throw thrown;
    }
  }

  // Every chainlet has its own copy of a module, and finds the same fault in it.
  #add(problem: Problem): void {
    const same = (known: Problem) => known.message === problem.message && byPlace(known, problem) === 0;
    if (!this.#problems.some(same)) this.#problems.push(problem);
  }

  /** @throws ChainsError when anything was found. */
  throwIfAny(): void {
    if (!this.#summary) return;
    // Plugins work side by side: the order in which they find things means nothing.
    const inOrder = [...this.#problems].sort(byPlace);
    throw ChainsError.fromProblems(this.#summary.code, this.#summary.text, inOrder);
  }

  /** The error to throw for what rolldown threw: what was found here explains it better than rolldown can. */
  explain(thrown: unknown, cwd: string): ChainsError {
    try {
      this.throwIfAny();
    } catch (found) {
      return found as ChainsError;
    }
    return thrown instanceof ChainsError ? thrown : fromRolldown(thrown, cwd);
  }
}

function byPlace({ location: a = {} }: Problem, { location: b = {} }: Problem): number {
  if (a.file !== b.file) return (a.file ?? "") < (b.file ?? "") ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
