import { ChainsError } from "@truss-chains/errors";

/**
 * Without its parentheses, a class decorator would be given the class as its options and put a function in its place:
 * the class would be gone without a word.
 */
export function refuseBareDecorator(decorator: string, given: unknown): void {
  if (typeof given !== "function") return;
  throw new ChainsError(
    "CHAINLET_OPTIONS_INVALID",
    `@${decorator} stands above ${given.name} without parentheses.`,
    {
      fix: `Write @${decorator}().`,
      location: { className: given.name },
    },
  );
}
