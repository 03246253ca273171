import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ChainsError } from "./chains-error.ts";

test("an error made by another copy of the package is recognised", () => {
  const foreign = Object.defineProperty(
    new Error("from elsewhere"),
    Symbol.for("@truss-chains/errors/ChainsError"),
    { value: true },
  );
  expect(foreign).toBeInstanceOf(ChainsError);
  expect(new Error("plain")).not.toBeInstanceOf(ChainsError);
});

test("a subclass is not mistaken for its sibling", () => {
  class Special extends ChainsError {}
  expect(new ChainsError("INTERNAL", "x")).not.toBeInstanceOf(Special);
  expect(new Special("INTERNAL", "x")).toBeInstanceOf(Special);
});

test("all problems are in the message, each with its place and its fix", () => {
  const error = ChainsError.fromProblems("CONFIG_INVALID", "config.yaml has 2 problems:", [
    {
      code: "CONFIG_INVALID",
      severity: "error",
      message: "cpu is a number.",
      fix: "Quote it.",
      location: { file: "config.yaml", line: 3, column: 8, path: ["resources", "cpu"] },
    },
    { code: "CONFIG_UNKNOWN_KEY", severity: "error", message: "Unknown key `foo`." },
  ]);
  expect(error.message).toBe(
    [
      "config.yaml has 2 problems:",
      "  config.yaml:3:8 (resources.cpu): cpu is a number. Quote it.",
      "  Unknown key `foo`.",
    ].join("\n"),
  );
  expect(error.location?.line).toBe(3);
});

test("Node prints what is set, and nothing twice", () => {
  expect(inspect(new ChainsError("INTERNAL", "It failed."))).not.toMatch(/undefined|problems/);
  const error = new ChainsError("INTERNAL", "It failed.", { fix: "Try again.", data: { id: 1 } });
  expect(inspect(error)).toMatch(/fix: 'Try again\.'[\s\S]*data: \{ id: 1 \}/);
});

test("what machines see never holds the cause", () => {
  const error = new ChainsError("API_FAILED", "It failed.", {
    cause: new Error("Bearer secret"),
    fix: "Try again.",
  });
  expect(JSON.stringify(error)).toBe('{"code":"API_FAILED","message":"It failed.","fix":"Try again."}');
});
