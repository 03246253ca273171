import { Chainlet, ChainletBase, depends, endpoint, markEntrypoint, type Remote } from "@truss-chains/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fake } from "./fake.ts";
import { runLocal } from "./run-local.ts";

@Chainlet()
class Embed extends ChainletBase {
  @endpoint({ input: z.object({ text: z.string() }), output: z.array(z.number()) })
  async runRemote({ text }: { text: string }) {
    return [text.length];
  }
}

@Chainlet()
class Letters extends ChainletBase {
  @endpoint({ input: z.object({ text: z.string() }), stream: z.string() })
  async *runRemote({ text }: { text: string }) {
    yield* text;
  }
}

@markEntrypoint()
@Chainlet()
class Search extends ChainletBase {
  constructor(
    @depends(Embed, { retries: 3, timeoutSec: 0.2 }) private readonly embed: Remote<Embed>,
    @depends(Letters) private readonly letters: Remote<Letters>,
  ) {
    super();
  }

  @endpoint({
    input: z.object({ query: z.string() }),
    output: z.object({ embedded: z.array(z.number()), letters: z.string() }),
  })
  async runRemote({ query }: { query: string }) {
    let letters = "";
    const embedded = await this.embed.runRemote({ text: query });
    for await (const letter of this.letters.runRemote({ text: query })) letters += letter;
    return { embedded, letters };
  }
}

describe("a fault", () => {
  test("that goes away is got over by retries", async () => {
    await using chain = runLocal(Search, { faults: [[Embed, { failTimes: 2 }]] });
    expect(await chain.runRemote({ query: "abc" })).toEqual({ embedded: [3], letters: "abc" });
  });

  test("that stays reaches the caller with its status", async () => {
    await using chain = runLocal(Search, {
      faults: [[Embed, { failTimes: Number.POSITIVE_INFINITY, failWith: 429 }]],
    });
    await expect(chain.runRemote({ query: "abc" })).rejects.toMatchObject({
      code: "HTTP_ERROR",
      status: 429,
    });
  });

  test("of the connection is one", async () => {
    await using chain = runLocal(Search, { faults: [[Letters, { failTimes: 1, failWith: "connection" }]] });
    await expect(chain.runRemote({ query: "abc" })).rejects.toThrow(
      "The connection broke, as the test wants.",
    );
  });

  test("that delays runs into the timeout of the dependency", async () => {
    await using chain = runLocal(Search, { faults: [[Embed, { delayMs: 60_000 }]] });
    await expect(chain.runRemote({ query: "abc" })).rejects.toThrow(
      "Timeout calling remote Chainlet `Embed`",
    );
  });

  test("that cuts a stream is no silent end of it", async () => {
    await using chain = runLocal(Search, { faults: [[Letters, { cutAfterBytes: 7 }]] });
    await expect(chain.runRemote({ query: "abc" })).rejects.toThrow("The connection broke after 7 bytes");
  });

  test("of a chainlet that the chain does not use is refused", () => {
    expect(() => runLocal(Embed, { faults: [[Letters, {}]] })).toThrow(
      "A fault names Letters, which the chain does not use.",
    );
  });
});

describe("a fake", () => {
  test("answers in place of its chainlet, and remembers its inputs", async () => {
    const embed = fake(Embed, ({ text }) => [text.length * 10]);
    const letters = fake(Letters, async function* () {
      yield "fake";
    });
    await using chain = runLocal(Search, { overrides: [embed, letters] });
    expect(await chain.runRemote({ query: "abc" })).toEqual({ embedded: [30], letters: "fake" });
    expect(embed.inputs).toEqual([{ text: "abc" }]);
  });
});
