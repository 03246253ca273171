import type { Schema } from "@truss-chains/core";
import { ChainsError, type Problem } from "@truss-chains/errors";

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * The input of a call after its schema: defaults applied, unknown fields dropped.
 *
 * @throws ChainsError `INPUT_INVALID` naming every field that does not fit.
 */
export async function validateInput(chainlet: string, schema: Schema, value: unknown): Promise<unknown> {
  const pending = schema["~standard"].validate(value);
  const result = pending instanceof Promise ? await pending : pending;
  if (!result.issues) return result.value;
  const problems = toProblems("INPUT_INVALID", result.issues);
  throw ChainsError.fromProblems(
    "INPUT_INVALID",
    `The input of ${chainlet} does not fit its schema:`,
    problems,
  );
}

/**
 * What a chainlet returned or yielded, after its schema.
 *
 * @throws ChainsError `OUTPUT_INVALID_TYPE` naming every field that does not fit.
 */
export async function validateOutput(chainlet: string, schema: Schema, value: unknown): Promise<unknown> {
  const pending = schema["~standard"].validate(value);
  const result = pending instanceof Promise ? await pending : pending;
  if (!result.issues) return result.value;
  const problems = toProblems("OUTPUT_INVALID_TYPE", result.issues);
  throw ChainsError.fromProblems(
    "OUTPUT_INVALID_TYPE",
    `What ${chainlet}.runRemote gave does not fit its own schema:`,
    problems,
  );
}

function toProblems(code: Problem["code"], issues: readonly Issue[]): Problem[] {
  return issues.map(({ message, path = [] }) => ({
    code,
    severity: "error",
    message: `${message.replace(/[.\s]+$/, "")}.`,
    location: { path: path.map(partOf) },
  }));
}

function partOf(part: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof part === "object" ? part.key : part;
  return typeof key === "symbol" ? key.toString() : key;
}
