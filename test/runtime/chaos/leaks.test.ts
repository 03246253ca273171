import { expect, test } from "vitest";
import { inTurns, report, size } from "./chaos-size.ts";
import { HubChain } from "./hub-chain.ts";
import { idle, type ServerState, stateOf, warningsOf } from "./server-state.ts";

const WIDTH = 64;
const MB = 1024 * 1024;

/** Sockets, timers and whatever else keeps a process alive do not grow with the number of calls. */
function expectNoMore(before: ServerState, after: ServerState): void {
  for (const [name, count] of Object.entries(after.resources)) {
    // Connections are kept for the next call; a timer or two belong to them.
    expect(count, name).toBeLessThanOrEqual((before.resources[name] ?? 0) + 4);
  }
}

test("100,000 calls through two processes are each answered once, and leave nothing behind", async () => {
  await using chain = await HubChain.start({ changes: { predictConcurrency: WIDTH } });
  await using stub = await chain.stub();
  const servers = { hub: chain.hub, same: chain.same };
  let answered = 0;
  const calls = (count: number): Promise<void> =>
    inTurns(count, WIDTH, async (id) => {
      expect(await stub.runRemote({ id })).toEqual({ id, items: 0 });
      answered++;
    });
  const warm = size(10_000, 2_000);
  const rest = size(90_000, 4_000);
  await calls(warm);
  const before = { hub: await stateOf(servers.hub), same: await stateOf(servers.same) };
  await calls(rest);
  const after = { hub: await stateOf(servers.hub), same: await stateOf(servers.same) };
  report(`after ${warm} calls`, before);
  report(`after ${warm + rest} calls`, after);
  expect(answered).toBe(warm + rest);
  for (const name of ["hub", "same"] as const) {
    expect(after[name].heapBytes).toBeLessThan(before[name].heapBytes + 4 * MB);
    expectNoMore(before[name], after[name]);
    expect(warningsOf(servers[name])).toEqual([]);
    await idle(servers[name]);
  }
}, 900_000);

test("10,000 cancelled calls, plain and streamed, leave no slot, socket, timer or listener", async () => {
  await using chain = await HubChain.start({ changes: { predictConcurrency: 16 } });
  await using stub = await chain.stub();
  const servers = [chain.hub, chain.same, chain.count];
  const cancelled = async (calls: number): Promise<void> => {
    await inTurns(calls, WIDTH, async (id) => {
      const gone = new AbortController();
      const endless = id % 2 === 0 ? { ms: 60_000 } : { items: 1e9, ms: 1 };
      const call = stub.runRemote({ id, ...endless }, { signal: gone.signal });
      // Some before they leave, some while they wait for their turn, some while they run.
      if (id % 3 === 0) setImmediate(() => gone.abort());
      else setTimeout(() => gone.abort(), id % 20);
      await expect(call).rejects.toMatchObject({ code: "CALL_ABORTED" });
    });
    await Promise.all(servers.map(idle));
    expect(await stub.runRemote({ id: 1 })).toEqual({ id: 1, items: 0 });
  };
  const warm = size(1_000, 200);
  const calls = size(10_000, 1_000);
  // The first errors load source maps, which stay.
  await cancelled(warm);
  const before = await Promise.all(servers.map(stateOf));
  await cancelled(calls);
  const after = await Promise.all(servers.map(stateOf));
  report(`after ${warm} cancelled calls`, before);
  report(`after ${warm + calls} cancelled calls`, after);
  for (const [index, server] of servers.entries()) {
    expect(after[index]!.heapBytes).toBeLessThan(before[index]!.heapBytes + 4 * MB);
    expectNoMore(before[index]!, after[index]!);
    expect(warningsOf(server)).toEqual([]);
  }
}, 900_000);
