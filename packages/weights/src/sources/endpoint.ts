import { ChainsError } from "@truss-chains/errors";
import type { SourceContext } from "./fetcher.ts";

/**
 * The address of a service, from the first of these variables that is set, without slashes at its end.
 *
 * @returns `undefined` when none of them is set
 * @throws ChainsError `WEIGHTS_SOURCE_INVALID`
 */
export function endpointFrom(env: SourceContext["env"], ...names: readonly string[]): string | undefined {
  const name = names.find((candidate) => env[candidate]);
  if (name === undefined) return undefined;
  const value = env[name]!;
  if (isPlainAddress(value)) return value.replace(/\/+$/, "");
  // The value is not shown: there may be a password in it.
  throw new ChainsError("WEIGHTS_SOURCE_INVALID", `The variable ${name} holds no plain http address.`, {
    fix: "Write http:// or https:// and the host, without user name and password, or unset it.",
  });
}

function isPlainAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === "http:" || protocol === "https:") && username === "" && password === "";
}
