import type { Schema } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { expect, test } from "vitest";
import { z } from "zod";
import { validateValue } from "./validate.ts";

function refusal(schema: Schema, value: unknown): ChainsError {
  try {
    validateValue(schema, value, "The input", "INPUT_INVALID");
  } catch (error) {
    if (error instanceof ChainsError) return error;
  }
  throw new Error("It was accepted.");
}

const says = (message: string): Schema => ({
  "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message }] }) },
});

test("of very many problems the first are told, and how many there are", () => {
  const { problems, message } = refusal(z.array(z.number()), Array(300_000).fill(""));
  expect(problems).toHaveLength(101);
  expect(problems[99]).toMatchObject({ location: { path: [99] } });
  expect(problems[100]).toMatchObject({ message: "And 299900 more." });
  expect(message.length).toBeLessThan(10_000);
});

test("a message ends with one full stop", () => {
  expect(refusal(says("no good"), 1).problems[0]!.message).toBe("no good.");
  expect(refusal(says("no good. .."), 1).problems[0]!.message).toBe("no good.");
});

test("a message that quotes what a client sent, however long, costs no more than its beginning", () => {
  const { problems } = refusal(z.strictObject({}), { [".".repeat(1_000_000)]: 1 });
  expect(problems[0]!.message).toMatch(/^Unrecognized key: "\.{900,1000}…$/);
});
