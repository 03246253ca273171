import type { Schema } from "@truss-chains/core";
import { ChainsError, type ErrorCode } from "@truss-chains/errors";

/**
 * What the schema makes of a value.
 *
 * @param what the value, as the subject of a sentence.
 * @throws ChainsError with this code, listing what does not fit.
 */
export async function validateValue(
  schema: Schema,
  value: unknown,
  what: string,
  code: ErrorCode,
): Promise<any> {
  const pending = schema["~standard"].validate(value);
  const result = pending instanceof Promise ? await pending : pending;
  if (!result.issues) return result.value;
  const problems = result.issues.map(({ message, path }) => {
    const keys = (path ?? []).map((key) => (typeof key === "object" ? key.key : key));
    const location = { path: keys.map((key) => (typeof key === "number" ? key : String(key))) };
    return { code, severity: "error" as const, message: `${message.replace(/[.\s]+$/, "")}.`, location };
  });
  throw ChainsError.fromProblems(code, `${what} does not fit its schema:`, problems);
}
