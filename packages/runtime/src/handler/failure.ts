import { ChainsError } from "@truss-chains/errors";
import { type ErrorBody, type ErrorBodyOptions, toErrorBody, userFrames } from "@truss-chains/rpc";

/** A turn comes free, or a replica becomes ready, in about this time; callers add their own backoff. */
const RETRY_AFTER_SEC = "1";

/** The answer for what the server itself turned down. */
export function failureAnswer(error: unknown): ErrorBody {
  const answer = describe(error, {});
  if (answer.status !== 429 && answer.status !== 503) return answer;
  return { ...answer, headers: { ...answer.headers, "retry-after": RETRY_AFTER_SEC } };
}

/**
 * The answer for what a chainlet's endpoint threw, with the lines of its author's code on the way there.
 *
 * @param secrets values that must not leave, wherever they stand in the error
 */
export async function endpointFailure(error: unknown, secrets: readonly string[]): Promise<ErrorBody> {
  // What was thrown may be anything, a proxy of a dead connection too: no stack is no reason to give no answer.
  const frames = await userFrames(error).catch(() => []);
  return describe(error, { frames, secrets });
}

/** Whatever was thrown has an answer: what cannot be described is an internal error, without a word of it. */
function describe(error: unknown, options: ErrorBodyOptions): ErrorBody {
  try {
    return toErrorBody(error, options);
  } catch (cause) {
    return toErrorBody(new ChainsError("INTERNAL", "An error cannot be described.", { cause }));
  }
}
