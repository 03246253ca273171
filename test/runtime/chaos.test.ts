import { readFile } from "node:fs/promises";
import { describeDependency, type Remote, RPCOptions } from "@truss-chains/core";
import { createHttpTransport, createStub, type Transport } from "@truss-chains/rpc";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Count, Relay, Shout, Slow } from "./fixtures/chain.ts";
import type { ServerProcess } from "./support/server-process.ts";
import { jsonOf, post, Workspace } from "./support/workspace.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create();
});
afterEach(() => Promise.all(transports.splice(0).map((transport) => transport.close())));
afterAll(() => workspace[Symbol.asyncDispose]());

const transports: Transport[] = [];

/** The chain of Relay, in three processes. */
class RelayChain implements AsyncDisposable {
  readonly slow: ServerProcess;
  readonly count: ServerProcess;
  readonly relay: ServerProcess;

  private constructor(slow: ServerProcess, count: ServerProcess, relay: ServerProcess) {
    this.slow = slow;
    this.count = count;
    this.relay = relay;
  }

  static async start(): Promise<RelayChain> {
    const slow = await workspace.start(Slow);
    const count = await workspace.start(Count);
    const addresses = {
      Slow: { predict_url: `${await slow.ready()}/predict` },
      Count: { predict_url: `${await count.ready()}/predict` },
    };
    await workspace.write("dynamic/dynamic_chainlet_config", JSON.stringify(addresses));
    return new RelayChain(slow, count, await workspace.start(Relay));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.slow, this.count, this.relay].map((server) => server[Symbol.asyncDispose]()));
  }
}

describe("a dependency that dies", () => {
  test("in the middle of a call is an error for the caller, after its retries", async () => {
    await using chain = await RelayChain.start();
    const url = `${await chain.relay.ready()}/predict`;
    const call = post(url, { ms: 60_000 });
    await chain.slow.line(/slow call begun/);
    chain.slow.stop("SIGKILL");
    const answer = await call;
    const { error } = await jsonOf(answer);
    expect([answer.status, error.exception_message]).toEqual([500, expect.stringContaining("ECONNREFUSED")]);
    expect(await chain.relay.line(/Attempt 1 to call Slow failed/)).toMatchObject({ level: "info" });
  });

  test("in the middle of a stream is no silent end of it", async () => {
    await using chain = await RelayChain.start();
    const url = `${await chain.relay.ready()}/predict`;
    const stub = stubOf(Relay, url) as unknown as Remote<Relay>;
    const reading = (async () => {
      for await (const item of stub.runRemote({})) if (item === "5\n") chain.count.stop("SIGKILL");
    })();
    await expect(reading).rejects.toThrow(/Error calling dependency Chainlet `Relay`/);
    await chain.relay.line(/Relay\.runRemote failed after its stream had begun/);
  });
});

function stubOf(
  cls: typeof Relay | typeof Shout | typeof Slow,
  url: string,
): { runRemote(input: any, options?: any): any } {
  const transport = createHttpTransport({ url, apiKey: "key" });
  transports.push(transport);
  return createStub(describeDependency(cls), { transport, options: new RPCOptions() });
}

/** Resident memory in MB. */
async function memoryOf({ process }: ServerProcess): Promise<number> {
  const [, pages] = (await readFile(`/proc/${process.pid}/statm`, "utf8")).split(" ");
  return (Number(pages) * 4096) / 1024 / 1024;
}

async function inTurns(count: number, width: number, call: () => Promise<unknown>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: width }, worker));
}

test("calls that are cancelled leave neither turn nor memory behind", async () => {
  await using server = await workspace.start(Slow, { changes: { predictConcurrency: 8 } });
  const url = await server.ready();
  const stub = stubOf(Slow, `${url}/predict`);
  await inTurns(1_000, 64, async () => {
    const gone = new AbortController();
    const call = stub.runRemote({ ms: 60_000 }, { signal: gone.signal });
    setImmediate(() => gone.abort());
    await expect(call).rejects.toMatchObject({ code: "CALL_ABORTED" });
  });
  expect(await stub.runRemote({ ms: 1 })).toBe("done");
  await expect
    .poll(async () => (await fetch(`${url}/metrics`)).text())
    .toMatch(/chainlet_ongoing_requests 0\n[\s\S]*chainlet_queued_requests 0\n/);
});

test("memory stays flat over many calls", async () => {
  await using server = await workspace.start(Shout, { changes: { predictConcurrency: 64 } });
  const stub = stubOf(Shout, `${await server.ready()}/predict`);
  const calls = (count: number): Promise<void> =>
    inTurns(count, 64, () => stub.runRemote({ text: "x".repeat(200) }));
  await calls(5_000);
  const before = await memoryOf(server);
  await calls(10_000);
  expect(await memoryOf(server)).toBeLessThan(before + 40);
});
