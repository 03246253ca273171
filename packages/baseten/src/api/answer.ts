import { ChainsError } from "@truss-chains/errors";
import type { z } from "zod";

/** The text of an answer as JSON of a known shape; anything else is a fault of the other side. */
export function readAnswer<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw unexpected(what, "it is not JSON", thrown);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unexpected(what, `${issue?.path.join(".") || "it"}: ${issue?.message}`, parsed.error);
}

function unexpected(what: string, why: string, cause: unknown): ChainsError {
  return new ChainsError("API_FAILED", `Baseten's answer to ${what} is not as expected: ${why}.`, {
    fix: "If a newer version of this package exists, use it.",
    cause,
  });
}
