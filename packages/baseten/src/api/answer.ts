import { ChainsError } from "@truss-chains/errors";
import type { z } from "zod";

/** The text of an answer as JSON of a known shape; anything else is a fault of the other side. */
export function readAnswer<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw unexpected(what, seen(text.trim()), STRANGER, thrown);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "it";
  throw unexpected(what, `${where}: ${issue?.message}`, NEWER, parsed.error);
}

const STRANGER =
  "A proxy or a sign-in page may have answered in its place: look at your connection, and at the account's URLs.";
const NEWER = "If a newer version of this package exists, use it.";

const LONGEST = 60;

function seen(text: string): string {
  if (text === "") return "it is empty";
  // Half of an answer of Baseten's own may hold credentials.
  if (/^[[{"]/.test(text)) return "it is broken JSON";
  const start = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `it is not JSON, but begins with ${JSON.stringify(start.replace(/\s+/g, " "))}`;
}

function unexpected(what: string, why: string, fix: string, cause: unknown): ChainsError {
  return new ChainsError("API_FAILED", `Baseten's answer to ${what} is not as expected: ${why}.`, {
    fix,
    cause,
  });
}
