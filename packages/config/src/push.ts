import { ChainsError, formatPath, type Problem } from "@truss-chains/errors";
import type { TrussConfig } from "./schema/truss-config.ts";
import { unknownKeys } from "./unknown-keys.ts";

/**
 * Refuses what a push refuses: keys that Truss does not know. Reading a config keeps them, because a newer Truss may
 * have written them.
 *
 * Throws a `ChainsError` (`CONFIG_UNKNOWN_KEY`) that lists them all.
 */
export function checkForPush(config: TrussConfig, { file }: { readonly file?: string } = {}): void {
  const problems = unknownKeys(config)
    .filter(({ refused }) => refused)
    .map(
      ({ path, key, nearest }): Problem => ({
        code: "CONFIG_UNKNOWN_KEY",
        severity: "error",
        message: `Truss does not know the key \`${key}\`.`,
        fix: nearest ? `Did you mean \`${nearest}\`?` : "Remove it.",
        location: { ...(file !== undefined && { file }), path },
      }),
    );
  if (problems.length === 0) return;
  const names = problems.map(({ location }) => formatPath(location?.path ?? [])).join(", ");
  throw ChainsError.fromProblems(
    "CONFIG_UNKNOWN_KEY",
    `The config cannot be pushed; unknown: ${names}`,
    problems,
  );
}
