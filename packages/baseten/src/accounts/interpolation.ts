import { ChainsError } from "@truss-chains/errors";

const DEEPEST = 10;

/**
 * A value as `ConfigParser` gives it: `%%` is `%`, `%(key)s` another key of the section.
 *
 * @throws ChainsError `ACCOUNT_INVALID` for any other `%`, as the real tool refuses such a file.
 */
export function interpolate(
  section: Readonly<Record<string, string>>,
  key: string,
  depth = 0,
): string | undefined {
  const raw = Object.hasOwn(section, key) ? section[key] : undefined;
  if (raw === undefined) return undefined;
  return raw.replace(/%%|%\(([^)]+)\)s|%/g, (found, name: string | undefined) => {
    if (found === "%%") return "%";
    const value =
      name === undefined || depth >= DEEPEST
        ? undefined
        : interpolate(section, name.toLowerCase(), depth + 1);
    if (value !== undefined) return value;
    throw new ChainsError("ACCOUNT_INVALID", `The value of ${key} holds a "%" that refers to nothing.`, {
      fix: "Write a literal % as %%.",
    });
  });
}

/** A value such that reading it gives the text back. */
export function escapeInterpolation(text: string): string {
  return text.replaceAll("%", "%%");
}
