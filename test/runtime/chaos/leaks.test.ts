import { expect, test } from "vitest";
import { Count, Same } from "../fixtures/chain.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { inTurns, report, size } from "./chaos-size.ts";
import { HubChain, stubOf } from "./hub-chain.ts";
import { idle, type ServerState, stateOf, warningsOf } from "./server-state.ts";

const WIDTH = 64;
const MB = 1024 * 1024;

/**
 * Waits until a server holds what it held before: the same heap, and no more sockets, timers and whatever else keeps a
 * process alive. Connections that its callers have left may still be closing.
 */
async function heldAgain(server: ServerProcess, before: ServerState): Promise<ServerState> {
  let after = before;
  const more = async () => {
    after = await stateOf(server);
    // Connections are kept for the next call.
    const grown = Object.entries(after.resources).filter(
      ([name, count]) => count > (before.resources[name] ?? 0) + 4,
    );
    return { grown, isHeapLarger: after.heapBytes > before.heapBytes + 4 * MB };
  };
  await expect.poll(more, { timeout: 20_000, interval: 200 }).toEqual({ grown: [], isHeapLarger: false });
  expect(warningsOf(server)).toEqual([]);
  return after;
}

/** The first error of a server loads its source map, which stays: here it is asked for one. */
async function loadSourceMaps({ same, count }: HubChain): Promise<void> {
  await using first = stubOf(Same, await same.ready());
  await expect(first.runRemote({ id: 1, status: 418 })).rejects.toThrow("as asked");
  await using second = stubOf(Count, await count.ready());
  // No string is that long.
  const stream = second.runRemote({ items: 1, bytes: 2 ** 31 });
  await expect(stream.next()).rejects.toThrow("Invalid");
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
  expect(answered).toBe(warm + rest);
  await Promise.all([servers.hub, servers.same].map(idle));
  const after = {
    hub: await heldAgain(servers.hub, before.hub),
    same: await heldAgain(servers.same, before.same),
  };
  report(`after ${warm} calls`, before);
  report(`after ${warm + rest} calls`, after);
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
  await cancelled(warm);
  await loadSourceMaps(chain);
  const before = await Promise.all(servers.map(stateOf));
  await cancelled(calls);
  const after = await Promise.all(servers.map((server, index) => heldAgain(server, before[index]!)));
  report(`after ${warm} cancelled calls`, before);
  report(`after ${warm + calls} cancelled calls`, after);
}, 900_000);
