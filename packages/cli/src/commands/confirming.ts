import { ChainsError } from "@truss-chains/errors";

/**
 * Asks for a yes on a terminal. No is the answer that is there already.
 *
 * @param otherwise what holds when the person stops in place of an answer.
 * @throws ChainsError `INTERRUPTED`
 */
export async function confirming(message: string, otherwise: string): Promise<boolean> {
  const { confirm, isCancel } = await import("@clack/prompts");
  const answer = await confirm({ message, initialValue: false, output: process.stderr });
  if (isCancel(answer)) throw new ChainsError("INTERRUPTED", otherwise);
  return answer;
}
