import { expect, test } from "vitest";
import { healthCheckOf } from "./health-check.ts";
import { Readiness } from "./readiness.ts";

function readinessOf(chainlet: { isHealthy?(): unknown }, limitMs?: number) {
  const lines: string[] = [];
  const logger = { log: (_: string, message: string) => lines.push(message), flush: async () => {} };
  const readiness = new Readiness("Model", logger, limitMs);
  readiness.ready(healthCheckOf("Model", chainlet, logger));
  return { readiness, lines };
}

test("a chainlet is ready when it says so, or says nothing", async () => {
  expect(await readinessOf({}).readiness.check()).toEqual({ ok: true });
  expect(await readinessOf({ isHealthy: async () => true }).readiness.check()).toEqual({ ok: true });
  expect(await readinessOf({ isHealthy: () => "yes" }).readiness.check()).toEqual({
    ok: false,
    reason: "Model.isHealthy() did not return true.",
  });
});

test("what a health check threw stays in the log", async () => {
  const isHealthy = () => {
    throw new Error("no key abc");
  };
  const { readiness, lines } = readinessOf({ isHealthy });
  const failed = "Model.isHealthy() threw.";
  expect([await readiness.check(), lines]).toEqual([{ ok: false, reason: failed }, [failed]]);
});

test("a health check that never answers fails, once for all who wait for it, and the next probe asks again", async () => {
  let asked = 0;
  const isHealthy = () => asked++ > 0 || new Promise(() => {});
  const { readiness, lines } = readinessOf({ isHealthy }, 5);
  const overdue = { ok: false, reason: "Model.isHealthy() did not answer for 0.005 seconds." };
  expect(await Promise.all([readiness.check(), readiness.check()])).toEqual([overdue, overdue]);
  expect(lines).toEqual([overdue.reason]);
  expect(await readiness.check()).toEqual({ ok: true });
});
