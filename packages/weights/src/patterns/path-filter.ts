import type { Problem } from "@truss-chains/errors";
import { compile } from "./fnmatch.ts";

/** Which files of a source are wanted. `null` allows everything; an empty list of allowed patterns allows nothing. */
export interface PathPatterns {
  readonly allow: readonly string[] | null;
  readonly ignore: readonly string[] | null;
}

/** Ignored patterns are asked first; what they leave must match one allowed pattern, when there are any. */
export function pathFilter({ allow, ignore }: PathPatterns): (path: string) => boolean {
  const allowed = allow?.map(compile);
  const ignored = (ignore ?? []).map(compile);
  return (path) => {
    if (ignored.some((matches) => matches(path))) return false;
    return allowed === undefined || allowed.some((matches) => matches(path));
  };
}

/**
 * What a person should know about patterns: the real transfer tool gives `*` alone a meaning, so that `?` and `[`
 * select other files there; a trailing slash never matches a file.
 */
export function patternWarnings(patterns: PathPatterns): Problem[] {
  const warnings: Problem[] = [];
  for (const [field, list] of [
    ["allow_patterns", patterns.allow],
    ["ignore_patterns", patterns.ignore],
  ] as const) {
    for (const [index, pattern] of (list ?? []).entries()) {
      const warn = (message: string, fix: string) =>
        warnings.push({
          code: "WEIGHTS_PATTERN_INVALID",
          severity: "warning",
          message,
          fix,
          location: { path: [field, index] },
        });
      if (/[?[]/.test(pattern)) {
        warn(
          `\`${pattern}\` uses \`?\` or \`[\`, which truss-transfer takes literally.`,
          "Use `*` only, so that every tool selects the same files.",
        );
      }
      if (pattern.endsWith("/")) {
        warn(`\`${pattern}\` matches no file.`, `Write \`${pattern}*\` for everything below the folder.`);
      }
    }
  }
  return warnings;
}
