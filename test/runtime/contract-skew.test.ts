import { Chainlet, ChainletBase, describeDependency, endpoint, RPCOptions } from "@truss-chains/core";
import { createHttpTransport, createStub, type Transport } from "@truss-chains/rpc";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Count, Shout, Slow } from "./fixtures/chain.ts";
import { jsonOf, post, Workspace } from "./support/workspace.ts";

let workspace: Workspace;
const transports: Transport[] = [];
beforeAll(async () => {
  workspace = await Workspace.create();
});
afterEach(() => Promise.all(transports.splice(0).map((transport) => transport.close())));
afterAll(() => workspace[Symbol.asyncDispose]());

/** A stub that was built against this class, and calls the server of another version of it. */
function stubOf(
  cls: Parameters<typeof describeDependency>[0],
  url: string,
): { runRemote(input: unknown): any } {
  const transport = createHttpTransport({ url: `${url}/predict`, apiKey: "key" });
  transports.push(transport);
  return createStub(describeDependency(cls), { transport, options: new RPCOptions() });
}

/** What a caller was built against, some versions ago. */
function formerShout(input: z.ZodType, output: z.ZodType) {
  @Chainlet()
  class Shout extends ChainletBase {
    @endpoint({ input, output })
    async runRemote(_: unknown): Promise<unknown> {
      return undefined;
    }
  }
  return Shout as unknown as Parameters<typeof describeDependency>[0];
}

describe("a caller that was built before its dependency changed", () => {
  test.each([0, 2])(
    "goes on as long as both fit, and is told else what changed (%i threads)",
    async (workerThreads) => {
      await using server = await workspace.start(Shout, { changes: { workerThreads } });
      const url = await server.ready();
      const compatible = formerShout(z.object({ text: z.string() }), z.string());
      expect(await stubOf(compatible, url).runRemote({ text: "a" })).toBe("A");

      const otherInput = formerShout(z.object({ words: z.string() }), z.string());
      await expect(stubOf(otherInput, url).runRemote({ words: "a" })).rejects.toMatchObject({
        code: "CONTRACT_MISMATCH",
        message: expect.stringMatching(
          /HTTP status=409[\s\S]*input\.words is gone \(breaks callers\)\n {2}input\.text is new and required/,
        ),
      });

      const otherOutput = formerShout(z.object({ text: z.string() }), z.object({ loud: z.string() }));
      await expect(stubOf(otherOutput, url).runRemote({ text: "a" })).rejects.toMatchObject({
        code: "RESPONSE_INVALID",
        message: expect.stringContaining("output was object, is string (breaks callers)"),
        data: { served: { schemas: { kind: "unary" } } },
      });
    },
  );

  test("hears that what was one answer is a stream now", async () => {
    await using server = await workspace.start(Count);
    const former = formerShout(z.object({ items: z.number() }), z.string());
    const call = stubOf(former, await server.ready()).runRemote({ items: 2 });
    await expect(call).rejects.toThrow(/cannot be read[\s\S]*endpoint was unary, is stream/);
  });
});

test("a question for the schemas is answered at once, whatever the caller was built against, and calls nothing", async () => {
  await using server = await workspace.start(Slow);
  const url = await server.ready();
  const { hash } = await jsonOf(await fetch(`${url}/schema`));
  const gone = new AbortController();
  const running = post(`${url}/predict`, { ms: 60_000 }, { signal: gone.signal }).catch(({ name }) => name);
  await server.line(/slow call begun/);
  for (const own of [hash, "another"]) {
    const headers = { "x-chains-ask-contract": "1", "x-chains-contract": own };
    const answer = await post(`${url}/predict`, { ms: 60_000 }, { headers });
    expect(await answer.json()).toMatchObject({ hash, schemas: { kind: "unary" } });
  }
  gone.abort();
  expect(await running).toBe("AbortError");
  await server.line(/slow call aborted/);
  expect(server.lines.filter(({ msg }) => msg === "slow call begun")).toHaveLength(1);
});
