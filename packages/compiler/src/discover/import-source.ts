import { setImmediate as nextTurn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { collectFaults } from "@truss-chains/core";
import { ChainsError, type Problem } from "@truss-chains/errors";
import { importFailure } from "./import-failure.ts";
import { neverFinished } from "./in-time.ts";
import type { TranslatedSource } from "./translate-source.ts";

/** What a source module exports. */
export type SourceExports = Readonly<Record<string, unknown>>;

/**
 * Imports a translated source into this process, and has its chain described.
 *
 * @param describe judges what the source exports; it throws when the chain breaks a rule.
 * @throws ChainsError with every wrong option of the source, and what `describe` has to tell besides.
 */
export async function importSource<T>(
  { file, modules }: TranslatedSource,
  source: string,
  describe: (exports: SourceExports) => T,
): Promise<T> {
  const faults = collectFaults();
  const others: unknown[] = [];
  try {
    const exports: SourceExports = await unlessStuck(import(pathToFileURL(file).href), source);
    // Node tells of promises that nobody waits for once all others have been looked at.
    await nextTurn();
    const described = attempt(() => describe(exports), others);
    if (described && faults.errors.length === 0) return described.value;
  } catch (thrown) {
    others.push(importFailure(thrown, source, modules));
  } finally {
    faults.stop();
  }
  const wrong = faults.errors.map((fault) => importFailure(fault, source, modules));
  throw allOf(wrong, others, source, modules);
}

/** Without anything left to do, Node would end the process in the middle of an import, without a word. */
async function unlessStuck<T>(importing: Promise<T>, source: string): Promise<T> {
  let tell = (): void => {};
  const stuck = new Promise<never>((_, reject) => {
    tell = () => reject(neverFinished(source, "waits for something that never comes"));
    process.once("beforeExit", tell);
  });
  try {
    return await Promise.race([importing, stuck]);
  } finally {
    process.off("beforeExit", tell);
  }
}

function attempt<T>(step: () => T, thrown: unknown[]): { readonly value: T } | undefined {
  try {
    return { value: step() };
  } catch (error) {
    thrown.push(error);
    return undefined;
  }
}

function allOf(
  wrong: readonly ChainsError[],
  others: readonly unknown[],
  source: string,
  modules: readonly string[],
): ChainsError {
  const [other] = others;
  if (wrong.length === 0) return other instanceof ChainsError ? other : importFailure(other, source, modules);
  // Anything else may only be what wrong options led to.
  const errors = other instanceof ChainsError ? [...wrong, other] : wrong;
  if (errors.length === 1) return errors[0]!;
  const problems = errors.flatMap(problemsOf);
  return ChainsError.fromProblems("CHAIN_INVALID", `The chain has ${problems.length} problems:`, problems);
}

function problemsOf({ code, message, fix, location, problems }: ChainsError): readonly Problem[] {
  if (problems.length > 0) return problems;
  return [
    { code, severity: "error", message, ...(fix !== undefined && { fix }), ...(location && { location }) },
  ];
}
