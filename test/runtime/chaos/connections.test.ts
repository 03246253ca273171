import { once } from "node:events";
import { connect } from "node:net";
import type { ChainletClass, RPCOptionsInit } from "@truss-chains/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Count, Same } from "../fixtures/chain.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { Workspace } from "../support/workspace.ts";
import { isFull, size } from "./chaos-size.ts";
import { type Stub, stubOf } from "./hub-chain.ts";
import { idle } from "./server-state.ts";
import { TcpProxy } from "./tcp-proxy.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create();
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** A server behind a network that loses what it is told to lose. */
class Behind implements AsyncDisposable {
  readonly server: ServerProcess;
  readonly proxy: TcpProxy;
  readonly #cls: ChainletClass;

  private constructor(cls: ChainletClass, server: ServerProcess, proxy: TcpProxy) {
    this.#cls = cls;
    this.server = server;
    this.proxy = proxy;
  }

  static async start(cls: ChainletClass): Promise<Behind> {
    const server = await workspace.start(cls);
    return new Behind(cls, server, await TcpProxy.before(await server.ready()));
  }

  stub(options?: RPCOptionsInit): Stub {
    return stubOf(this.#cls, this.proxy.url, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

async function itemsOf(stub: Stub, input: unknown): Promise<string[]> {
  const items: string[] = [];
  for await (const item of stub.runRemote(input)) items.push(item);
  return items;
}

describe("a connection that is cut", () => {
  test("after any byte of an answer is an error, and never another answer", async () => {
    await using same = await Behind.start(Same);
    {
      await using whole = same.stub();
      await whole.runRemote({ id: 1234 });
    }
    const bytes = same.proxy.carried;
    expect(bytes).toBeGreaterThan(50);
    for (let after = 0; after < bytes; after++) {
      same.proxy.fate = { kind: "cut", after };
      await using stub = same.stub();
      await expect(stub.runRemote({ id: 1234 }), `${after} bytes`).rejects.toMatchObject({
        code: "CONNECTION_FAILED",
      });
    }
    same.proxy.fate = { kind: "forward" };
    await using stub = same.stub();
    expect(await stub.runRemote({ id: 1234 })).toEqual({ id: 1234 });
    await idle(same.server);
  });

  test("after any byte of a stream is an error, or the stream was complete", async () => {
    await using count = await Behind.start(Count);
    const all = ["0\n", "1\n", "2\n"];
    {
      await using whole = count.stub();
      expect(await itemsOf(whole, { items: 3 })).toEqual(all);
    }
    let complete = 0;
    const bytes = count.proxy.carried;
    for (let after = 0; after < bytes; after++) {
      count.proxy.fate = { kind: "cut", after };
      await using stub = count.stub();
      try {
        expect(await itemsOf(stub, { items: 3 })).toEqual(all);
        complete++;
      } catch (error) {
        expect(error).toMatchObject({ code: "CONNECTION_FAILED" });
      }
    }
    // The footer had come, the end of the body had not.
    expect(complete).toBeLessThanOrEqual("\r\n0\r\n\r\n".length);
    await idle(count.server);
  });
});

describe("a connection whose other end is silent", () => {
  test("holds calls no longer than their timeout, and none that come later", async () => {
    await using same = await Behind.start(Same);
    await using stub = same.stub({ timeoutSec: 1 });
    expect(await stub.runRemote({ id: 0 })).toEqual({ id: 0 });
    same.proxy.fate = { kind: "swallow" };
    const calls = Array.from({ length: 64 }, (_, id) => stub.runRemote({ id }));
    for (const result of await Promise.allSettled(calls))
      expect(result).toMatchObject({ status: "rejected", reason: { code: "CALL_TIMEOUT" } });
    await expect.poll(() => same.proxy.open).toBe(0);
    same.proxy.fate = { kind: "forward" };
    expect(await stub.runRemote({ id: 7 })).toEqual({ id: 7 });
  });

  test("ends a stream in its middle, on both sides", async () => {
    await using count = await Behind.start(Count);
    await using stub = count.stub({ timeoutSec: 1 });
    const reading = (async () => {
      for await (const item of stub.runRemote({ items: 1e9, pauseMs: 1 }))
        if (item === "5\n") count.proxy.fate = { kind: "swallow" };
    })();
    await expect(reading).rejects.toMatchObject({ code: "CALL_TIMEOUT" });
    // The server hears nothing of its caller; the deadline that came with the call ends it.
    await count.server.line(/count ended/);
    await idle(count.server);
    await expect.poll(() => count.proxy.open).toBe(0);
  });
});

describe("a callee that takes its time", () => {
  test("is waited for as long as the options allow, and no longer", async () => {
    await using same = await Behind.start(Same);
    await using patient = same.stub();
    await using hasty = same.stub({ timeoutSec: 0.2 });
    const stall = size(65_000, 500);
    const [late, early] = await Promise.allSettled([
      patient.runRemote({ id: 1, ms: stall }),
      hasty.runRemote({ id: 2, ms: stall }),
    ]);
    expect(late).toEqual({ status: "fulfilled", value: { id: 1 } });
    expect(early).toMatchObject({ status: "rejected", reason: { code: "CALL_TIMEOUT" } });
  }, 120_000);

  test.runIf(isFull)(
    "a body that stalls for a minute is refused, and a reader that does is dropped",
    async () => {
      await using count = await Behind.start(Count);
      const { port } = new URL(await count.server.ready());
      const head = (length: number) =>
        `POST /predict HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`;
      const stalled = connect(Number(port), "127.0.0.1");
      stalled.write(`${head(100)}{"items":`);
      const unread = connect(Number(port), "127.0.0.1");
      const body = JSON.stringify({ items: 1e9, bytes: 10_000 });
      unread.write(head(body.length) + body);
      await once(unread, "readable");
      const begun = performance.now();
      const [answer] = await Promise.all([once(stalled, "data"), count.server.line(/count ended/)]);
      expect(performance.now() - begun).toBeGreaterThan(50_000);
      expect(String(answer[0])).toMatch(/^HTTP\/1\.1 4\d\d /);
      await idle(count.server);
      stalled.destroy();
      unread.destroy();
    },
    180_000,
  );
});
