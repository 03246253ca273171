import { ChainsError } from "@truss-chains/errors";
import { describe, expect, test, vi } from "vitest";
import { toErrorBody } from "../errors/error-body.ts";
import { fromErrorResponse } from "../errors/error-response.ts";
import { NonRetryableError } from "../errors/non-retryable-error.ts";
import { retryDelayMs } from "./retry-delay.ts";

const answered = (status: number, body = "") =>
  fromErrorResponse({ dependency: "Embed", status, body: Buffer.from(body), traceparent: "" });

const delay = (error: unknown, attempt = 1, retryAfter?: string) =>
  retryDelayMs({ error, attempt, retryAfter });

describe("what is tried again", () => {
  test.each([408, 425, 429, 500, 502, 503, 504])("an answer %i", (status) => {
    expect(delay(answered(status))).toBeGreaterThanOrEqual(0);
  });

  test.each(["CONNECTION_FAILED", "CALL_TIMEOUT"] as const)("%s", (code) => {
    expect(delay(new ChainsError(code, "x"))).toBeGreaterThanOrEqual(0);
  });
});

describe("what is not", () => {
  test.each([400, 401, 403, 404, 409, 413, 422])("an answer %i", (status) => {
    expect(delay(answered(status))).toBeUndefined();
  });

  test("what the callee marked as final, even with a 500", () => {
    const { status, body } = toErrorBody(new NonRetryableError("No credit."));
    expect(status).toBe(500);
    expect(delay(answered(status, body))).toBeUndefined();
  });

  test.each(["CALL_ABORTED", "DEADLINE_EXCEEDED", "RESPONSE_INVALID"] as const)("%s", (code) => {
    expect(delay(new ChainsError(code, "x"))).toBeUndefined();
  });

  test("a bug of our own", () => {
    expect(delay(new TypeError("x"))).toBeUndefined();
  });
});

test("the pause is drawn from a range that doubles up to ten seconds", () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  expect([1, 2, 3, 8, 20].map((attempt) => delay(answered(500), attempt))).toEqual([
    100, 200, 400, 10_000, 10_000,
  ]);
  vi.mocked(Math.random).mockReturnValue(0);
  expect(delay(answered(500), 5)).toBe(0);
  vi.restoreAllMocks();
});

test("Retry-After is the least that is waited, in seconds or as a date", () => {
  expect(delay(answered(503), 1, "2")).toBeGreaterThanOrEqual(2000);
  expect(delay(answered(503), 1, new Date(Date.now() + 30_000).toUTCString())).toBeGreaterThan(20_000);
  expect(delay(answered(503), 1, "soon")).toBeLessThanOrEqual(100);
});

test("a callee that asks for more than a minute is not waited for", () => {
  expect(delay(answered(503), 1, "3600")).toBeUndefined();
});
