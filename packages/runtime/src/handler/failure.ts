import { type ErrorBody, toErrorBody, userFrames } from "@truss-chains/rpc";

/** A turn comes free, or a replica becomes ready, in about this time; callers add their own backoff. */
const RETRY_AFTER_SEC = "1";

/** The answer for what the server itself turned down. */
export function failureAnswer(error: unknown): ErrorBody {
  const answer = toErrorBody(error);
  if (answer.status !== 429 && answer.status !== 503) return answer;
  return { ...answer, headers: { ...answer.headers, "retry-after": RETRY_AFTER_SEC } };
}

/**
 * The answer for what a chainlet's endpoint threw, with the lines of its author's code on the way there.
 *
 * @param secrets values that must not leave, wherever they stand in the error
 */
export async function endpointFailure(error: unknown, secrets: readonly string[]): Promise<ErrorBody> {
  return toErrorBody(error, { frames: await userFrames(error), secrets });
}
