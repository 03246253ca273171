import { describe, expect, test } from "vitest";
import { Relay } from "../fixtures/chain.ts";
import { jsonOf, post } from "../support/workspace.ts";
import { report, size } from "./chaos-size.ts";
import { HubChain, stubOf } from "./hub-chain.ts";
import { idle } from "./server-state.ts";

const CHANGES = { changes: { predictConcurrency: 64 } };

describe("a dependency that is killed", () => {
  test("and comes back answers every call once; what was lost is an error", async () => {
    await using chain = await HubChain.start(CHANGES);
    await using stub = await chain.stub({ timeoutSec: 60 });
    const figures = { answered: 0, failed: 0 };
    for (let round = 0; round < size(20, 2); round++) {
      const calls = Array.from({ length: 24 }, (_, id) =>
        stub
          .runRemote({ id: round * 100 + id, ms: 1_000 })
          .then((answer: unknown) => ({ id: round * 100 + id, answer })),
      );
      const streams = Array.from({ length: 8 }, (_, id) => stub.runRemote({ id, items: 300, ms: 4 }));
      const settled = Promise.all([Promise.allSettled(calls), Promise.allSettled(streams)]);
      await expect.poll(() => ongoing(chain)).toBe("24 8");
      await chain.killDependencies();
      const [ofCalls, ofStreams] = await settled;
      for (const result of ofCalls) {
        if (result.status === "fulfilled") {
          expect(result.value.answer).toEqual({ id: result.value.id, items: 0 });
          figures.answered++;
        } else {
          expect(result.reason.message).toMatch(/Error calling dependency Chainlet `Hub`[\s\S]*Same/);
          figures.failed++;
        }
      }
      for (const result of ofStreams) {
        if (result.status === "fulfilled") expect(result.value.items).toBe(300);
        else expect(result.reason.message).toMatch(/Calling the dependency Chainlet `Count` failed/);
      }
      expect(await stub.runRemote({ id: round })).toEqual({ id: round, items: 0 });
      expect(await stub.runRemote({ id: round, items: 3 })).toEqual({ id: round, items: 3 });
      await idle(chain.hub);
    }
    report("calls at the time of kills", figures);
  }, 900_000);

  test("and stays away is an error after its retries", async () => {
    await using chain = await HubChain.start();
    const url = `${await chain.hub.ready()}/predict`;
    const call = post(url, { id: 1, ms: 60_000 });
    await expect.poll(() => ongoing(chain)).toBe("1 0");
    chain.same.stop("SIGKILL");
    const answer = await call;
    const { error } = await jsonOf(answer);
    expect([answer.status, error.exception_message]).toEqual([500, expect.stringContaining("ECONNREFUSED")]);
    expect(await chain.hub.line(/Attempt 1 to call Same failed/)).toMatchObject({ level: "info" });
  });

  test("in the middle of a stream that is passed on is no silent end of it", async () => {
    await using chain = await HubChain.start();
    const addresses = {
      Slow: { predict_url: "http://127.0.0.1:1/is-not-called" },
      Count: { predict_url: `${await chain.count.ready()}/predict` },
    };
    await chain.workspace.write("dynamic/dynamic_chainlet_config", JSON.stringify(addresses));
    await using relay = await chain.workspace.start(Relay);
    await using stub = stubOf(Relay, await relay.ready());
    const reading = (async () => {
      for await (const item of stub.runRemote({})) if (item === "5\n") chain.count.stop("SIGKILL");
    })();
    await expect(reading).rejects.toThrow(/Error calling dependency Chainlet `Relay`/);
    await relay.line(/Relay\.runRemote failed after its stream had begun/);
  });
});

/** Calls that the dependencies serve. */
async function ongoing({ same, count }: HubChain): Promise<string> {
  const figures = await Promise.all(
    [same, count].map(async (server) => {
      const text = await (await fetch(`${await server.ready()}/metrics`)).text();
      return /^chainlet_ongoing_requests (\d+)$/m.exec(text)?.[1] ?? "0";
    }),
  );
  return figures.join(" ");
}
