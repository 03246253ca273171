import type { Schema } from "@truss-chains/core";
import { ChainsError, type ErrorCode, type Problem } from "@truss-chains/errors";

/** A list of a million wrong items has as many problems, and would be answered with a hundred times its own size. */
const MOST_TOLD = 100;
/** Messages may quote what was sent. */
const LONGEST_MESSAGE = 1000;

type Result = Awaited<ReturnType<Schema["~standard"]["validate"]>>;

/**
 * What the schema makes of a value: at once, or a promise of it when the schema is asynchronous. To wait for what is
 * there already is a tenth of what a small call costs.
 *
 * @param what the value, as the subject of a sentence.
 * @throws ChainsError with this code, listing what does not fit.
 */
export function validateValue(
  schema: Schema,
  value: unknown,
  what: string,
  code: ErrorCode,
): any | Promise<any> {
  const result = schema["~standard"].validate(value);
  return result instanceof Promise
    ? result.then((settled) => accepted(settled, what, code))
    : accepted(result, what, code);
}

function accepted(result: Result, what: string, code: ErrorCode): any {
  if (!result.issues) return result.value;
  const { issues } = result;
  const problems: Problem[] = issues.slice(0, MOST_TOLD).map(({ message, path }) => {
    const keys = (path ?? []).map((key) => (typeof key === "object" ? key.key : key));
    const location = { path: keys.map((key) => (typeof key === "number" ? key : String(key))) };
    return { code, severity: "error", message: sentence(message), location };
  });
  const more = issues.length - problems.length;
  if (more > 0) problems.push({ code, severity: "error", message: `And ${more} more.` });
  throw ChainsError.fromProblems(code, `${what} does not fit its schema:`, problems);
}

/** A schema's message with one full stop. */
function sentence(message: string): string {
  if (message.length > LONGEST_MESSAGE) return `${message.slice(0, LONGEST_MESSAGE)}…`;
  let end = message.length;
  while (end > 0 && ". \n".includes(message[end - 1]!)) end--;
  return `${message.slice(0, end)}.`;
}
