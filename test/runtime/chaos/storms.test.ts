import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Same } from "../fixtures/chain.ts";
import { Workspace } from "../support/workspace.ts";
import { report, size } from "./chaos-size.ts";
import { stubOf } from "./hub-chain.ts";
import { idle, metricsOf } from "./server-state.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** A burst of 50, one for every four successes, and one a second. */
const budget = (successes: number, ms: number): number => 50 + successes / 4 + ms / 1000 + 1;

describe("a storm", () => {
  test("of more calls than a server queues is answered with 429, and not made worse by retries", async () => {
    await using server = await workspace.start(Same, { changes: { predictConcurrency: 4 } });
    await using stub = stubOf(Same, await server.ready(), { retries: 4, concurrencyLimit: 10_000 });
    const calls = size(4_000, 1_400);
    const begun = performance.now();
    const results = await Promise.allSettled(
      Array.from({ length: calls }, (_, id) => stub.runRemote({ id, ms: id < 4 ? 2_000 : 0 })),
    );
    const ms = performance.now() - begun;
    let answered = 0;
    for (const [id, result] of results.entries()) {
      if (result.status === "fulfilled") {
        expect(result.value).toEqual({ id });
        answered++;
      } else expect(result.reason).toMatchObject({ code: "OVERLOADED" });
    }
    const metrics = await metricsOf(server);
    const [served, refused] = [200, 429].map(
      (status) => metrics.get(`chainlet_requests_total{status="${status}"}`) ?? 0,
    );
    report("storm beyond the queue", { calls, answered, served, refused, ms });
    expect(served).toBe(answered);
    expect(refused).toBeGreaterThan(0);
    expect(served! + refused!).toBeLessThanOrEqual(calls + budget(answered, ms));
    expect(answered).toBeGreaterThanOrEqual(1028);
    await idle(server);
  }, 120_000);

  test.each([429, 503])(
    "of %i gets little more than the calls themselves, and passes",
    async (status) => {
      await using server = await workspace.start(Same);
      await using stub = stubOf(Same, await server.ready(), { retries: 10, concurrencyLimit: 256 });
      const calls = size(10_000, 1_000);
      const begun = performance.now();
      const results = await Promise.allSettled(
        Array.from({ length: calls }, (_, id) => stub.runRemote({ id, status })),
      );
      const ms = performance.now() - begun;
      expect(results.every((result) => result.status === "rejected" && result.reason.status === status)).toBe(
        true,
      );
      const sent = (await metricsOf(server)).get(`chainlet_requests_total{status="${status}"}`)!;
      report(`storm of ${status}`, { calls, sent, ms });
      expect(sent).toBeGreaterThanOrEqual(calls);
      expect(sent).toBeLessThanOrEqual(calls + budget(0, ms));
      expect(await stub.runRemote({ id: 1 })).toEqual({ id: 1 });
      await idle(server);
    },
    120_000,
  );
});
