import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { parseConfig, toDict } from "@truss-chains/config";
import { ChainsError } from "@truss-chains/errors";
import type { Answer } from "./oracle.ts";

/** What we make of one config, in the oracle's terms. Anything but a ChainsError is a crash, and stays one. */
export function ourAnswer(text: string): Answer {
  try {
    const { config } = parseConfig(text);
    return { ok: true, verbose: asJson(toDict(config, { verbose: true })), minimal: asJson(toDict(config)) };
  } catch (error) {
    if (error instanceof ChainsError) return { ok: false, error: error.message };
    throw error;
  }
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** How two answers differ, for a person to read; undefined where they agree. */
export function difference(theirs: Answer, ours: Answer): string | undefined {
  if (!theirs.ok || !ours.ok) {
    if (theirs.ok === ours.ok) return undefined;
    return theirs.ok
      ? `Truss accepts it, we say: ${(ours as { error: string }).error}`
      : `We accept it, Truss says: ${(theirs as { error: string }).error}`;
  }
  for (const form of ["verbose", "minimal"] as const) {
    if (!isDeepStrictEqual(theirs[form], ours[form])) {
      return `${form} differs\n  Truss: ${JSON.stringify(theirs[form])}\n  we:    ${JSON.stringify(ours[form])}`;
    }
  }
  return undefined;
}

/** An answer in a few characters, for recordings: `-` for a refusal, else a digest of both dumps. */
export function digest(answer: Answer): string {
  if (!answer.ok) return "-";
  return createHash("sha256")
    .update(canonical([answer.verbose, answer.minimal]))
    .digest("base64url")
    .slice(0, 8);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`;
}

/** True where we accept on purpose what Truss refuses: such configs are read with a warning that says so. */
export function isRelaxed(text: string): boolean {
  try {
    return parseConfig(text).warnings.some(({ code }) => code === "CONFIG_AMBIGUOUS");
  } catch (error) {
    if (error instanceof ChainsError) return false;
    throw error;
  }
}
