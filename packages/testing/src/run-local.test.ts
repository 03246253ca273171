import {
  Assets,
  Chainlet,
  ChainletBase,
  context,
  type DeploymentContext,
  depends,
  endpoint,
  type Input,
  markEntrypoint,
  type Remote,
  RemoteConfig,
  type RequestContext,
  TrussChainlet,
  type WebSocketConnection,
} from "@truss-chains/core";
import { NonRetryableError } from "@truss-chains/rpc";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { runLocal } from "./run-local.ts";

let flaky = 0;

const ShoutInput = z.object({ text: z.string(), times: z.number().default(2) });

@Chainlet()
class Shout extends ChainletBase {
  @endpoint({ input: ShoutInput, output: z.string() })
  async runRemote({ text, times }: Input<typeof ShoutInput>) {
    if (text === "flaky" && flaky++ === 0) throw new Error("not yet");
    if (text === "never") throw new NonRetryableError("never");
    return text.toUpperCase().repeat(times);
  }
}

@markEntrypoint()
@Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ secretKeys: ["token"] }) }) })
class Front extends ChainletBase {
  static constructed = 0;

  constructor(
    @depends(Shout, { retries: 2 }) private readonly shout: Remote<Shout>,
    @context() private readonly ctx: DeploymentContext,
  ) {
    super();
    Front.constructed++;
  }

  @endpoint({
    input: z.object({ text: z.string() }),
    output: z.object({ said: z.string(), token: z.string() }),
  })
  async runRemote({ text }: { text: string }, _request: RequestContext) {
    return { said: await this.shout.runRemote({ text }), token: this.ctx.secrets.token! };
  }
}

@markEntrypoint()
@Chainlet()
class Count extends ChainletBase {
  static ended = 0;

  @endpoint({
    input: z.object({ to: z.number(), failAt: z.number().optional() }),
    stream: z.object({ n: z.number() }),
  })
  async *runRemote({ to, failAt }: { to: number; failAt?: number | undefined }, request: RequestContext) {
    try {
      for (let n = 0; n < to; n++) {
        request.signal.throwIfAborted();
        if (n === failAt) throw new Error(`no ${n} today`);
        yield { n };
      }
    } finally {
      Count.ended++;
    }
  }
}

const secrets = { token: "t0ken-of-test" };

describe("a local run", () => {
  test("calls through a chain, with the defaults of its schemas", async () => {
    await using chain = runLocal(Front, { secrets });
    expect(await chain.runRemote({ text: "hi" })).toEqual({ said: "HIHI", token: "t0ken-of-test" });
  });

  test("constructs each chainlet once, and again for another run", async () => {
    Front.constructed = 0;
    await using chain = runLocal(Front, { secrets });
    await Promise.all([chain.runRemote({ text: "a" }), chain.runRemote({ text: "b" })]);
    expect(Front.constructed).toBe(1);
    await using _second = runLocal(Front, { secrets });
    expect(Front.constructed).toBe(2);
  });

  test("lets no chainlet construct another, in its constructor or for a call, wherever the code is", async () => {
    const help = () => new Shout();
    @Chainlet()
    class Early extends ChainletBase {
      readonly shout = help();
      @endpoint()
      async runRemote() {}
    }
    expect(() => runLocal(Early)).toThrow("Early constructs the chainlet Shout.");
    @Chainlet()
    class Late extends ChainletBase {
      @endpoint()
      async runRemote() {
        help();
      }
    }
    await using chain = runLocal(Late);
    await expect(chain.runRemote()).rejects.toThrow("The chain constructs the chainlet Shout.");
    expect(new Early().shout).toBeInstanceOf(Shout);
  });

  test("repeats a failed call as often as the dependency allows", async () => {
    flaky = 0;
    await using chain = runLocal(Front, { secrets });
    expect((await chain.runRemote({ text: "flaky" })).said).toBe("FLAKYFLAKY");
    expect(flaky).toBe(2);
  });

  test("shows errors as a remote caller sees them, the root at the bottom", async () => {
    await using chain = runLocal(Front, { secrets });
    const error = await chain.runRemote({ text: "never" }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "NON_RETRYABLE" });
    expect(error.message).toContain("Error calling dependency Chainlet `Front`, HTTP status=500");
    expect(error.message).toContain("Error calling dependency Chainlet `Shout`, HTTP status=500");
    expect(error.message).toMatch(/run-local\.test\.ts", line \d+, in .*runRemote/);
    expect(error.message).toMatch(/NonRetryableError: never/);
  });

  test("refuses input that does not fit the schema", async () => {
    await using chain = runLocal(Front, { secrets });
    const call = chain.runRemote({ text: 3 } as never);
    await expect(call).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("Input Parsing Error:\n  `text`: Invalid input"),
    });
  });

  test("refuses values that would not arrive as they are", async () => {
    await using chain = runLocal(Front, { secrets });
    await expect(chain.runRemote({ text: new Date() } as never)).rejects.toMatchObject({
      code: "VALUE_NOT_SERIALIZABLE",
    });
  });

  test("tells on standard error what a caller is not told: which part of an answer does not fit", async () => {
    @markEntrypoint()
    @Chainlet()
    class Half extends ChainletBase {
      @endpoint({
        input: z.object({ fails: z.boolean() }),
        output: z.object({ a: z.object({ b: z.int() }) }),
      })
      async runRemote({ fails }: { fails: boolean }) {
        if (fails) throw new Error("The caller is told this.");
        return { a: { b: 1.5 } };
      }
    }
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await using chain = runLocal(Half);
    await expect(chain.runRemote({ fails: false })).rejects.toMatchObject({ code: "OUTPUT_INVALID_TYPE" });
    await expect(chain.runRemote({ fails: true })).rejects.toThrow("The caller is told this.");
    const written = stderr.mock.calls.map(([text]) => text);
    stderr.mockRestore();
    expect(written).toEqual([
      "Half error: Half.runRemote failed. What Half.runRemote gave does not fit its schema:\n" +
        "  a.b: Invalid input: expected int, received number.\n",
    ]);
  });

  test("never shows a secret in an error", async () => {
    await using chain = runLocal(Front, {
      secrets,
      overrides: [[Shout, { runRemote: async () => Promise.reject(new Error("failed with t0ken-of-test")) }]],
    });
    const error = await chain.runRemote({ text: "x" }).catch((thrown) => thrown);
    expect(error.message).toContain("failed with");
    expect(error.message).not.toContain("t0ken");
  });

  test("never shows a secret on standard error", async () => {
    const thrown = { reason: "t0ken-of-test was refused" };
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await using chain = runLocal(Front, {
      secrets,
      overrides: [[Shout, { runRemote: async () => Promise.reject(thrown) }]],
    });
    await expect(chain.runRemote({ text: "x" })).rejects.toThrow();
    const written = stderr.mock.calls.map(([text]) => text).join("");
    stderr.mockRestore();
    expect(written).toContain("Shout error: Shout.runRemote failed. Thrown: { reason:");
    expect(written).not.toContain("t0ken");
  });

  test("explains a secret that was not given", async () => {
    await using chain = runLocal(Front);
    await expect(chain.runRemote({ text: "x" })).rejects.toMatchObject({ code: "SECRET_NOT_FOUND" });
  });
});

describe("an override", () => {
  test("takes the place of a chainlet, behind its schemas", async () => {
    const heard: unknown[] = [];
    const fake = {
      async runRemote(input: unknown) {
        heard.push(input);
        return "fake";
      },
    };
    const overrides = new Map([[Shout, fake]]);
    await using chain = runLocal(Front, { secrets, overrides });
    expect((await chain.runRemote({ text: "hi" })).said).toBe("fake");
    expect(heard).toEqual([{ text: "hi", times: 2 }]);
  });

  test("cannot answer what the real one could not", async () => {
    await using chain = runLocal(Front, { secrets, overrides: [[Shout, { runRemote: async () => 7 }]] });
    await expect(chain.runRemote({ text: "hi" })).rejects.toMatchObject({ code: "OUTPUT_INVALID_TYPE" });
  });

  test("that the chain does not use is refused", () => {
    expect(() => runLocal(Front, { overrides: [[Count, { runRemote: () => [] }]] })).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: "An override names Count, which the chain does not use.",
      }),
    );
  });
});

describe("a stream", () => {
  test("gives its items as they were yielded", async () => {
    await using chain = runLocal(Count);
    const items: unknown[] = [];
    for await (const item of chain.runRemote({ to: 3 })) items.push(item);
    expect(items).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  test("that fails midway throws, after the items before", async () => {
    await using chain = runLocal(Count);
    const items: unknown[] = [];
    const reading = (async () => {
      for await (const item of chain.runRemote({ to: 9, failAt: 2 })) items.push(item);
    })();
    await expect(reading).rejects.toThrow("no 2 today");
    expect(items).toEqual([{ n: 0 }, { n: 1 }]);
  });

  test("ends in the chainlet when its reader leaves", async () => {
    Count.ended = 0;
    await using chain = runLocal(Count);
    for await (const { n } of chain.runRemote({ to: 1e9 })) if (n === 10) break;
    await expect.poll(() => Count.ended).toBe(1);
  });

  test("ends when the run ends", async () => {
    const chain = runLocal(Count);
    const reading = (async () => {
      for await (const { n } of chain.runRemote({ to: 1e9 }))
        if (n === 10) await chain[Symbol.asyncDispose]();
    })();
    await expect(reading).rejects.toMatchObject({ code: "CALL_ABORTED" });
  });
});

test("a call can be aborted by its caller", async () => {
  @Chainlet()
  class Waits extends ChainletBase {
    @endpoint({})
    async runRemote(request: RequestContext) {
      await new Promise<void>((resolve) => {
        request.signal.addEventListener("abort", () => resolve());
      });
    }
  }
  await using chain = runLocal(Waits);
  const controller = new AbortController();
  const call = chain.runRemote({ signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: "CALL_ABORTED" });
});

test("all problems of a chain are raised before anything is constructed", () => {
  @Chainlet()
  class NoEndpoint extends ChainletBase {
    constructor() {
      super();
      throw new Error("constructed");
    }
    runRemote() {}
  }
  expect(() => runLocal(NoEndpoint as never)).toThrow(expect.objectContaining({ code: "CHAIN_INVALID" }));
});

test("a chainlet whose code is elsewhere needs an address or an override", async () => {
  @Chainlet()
  class Whisper extends TrussChainlet({
    trussDir: "./whisper",
    input: z.object({ url: z.string() }),
    output: z.string(),
  }) {}
  @Chainlet()
  class Captions extends ChainletBase {
    constructor(@depends(Whisper) private readonly whisper: Remote<Whisper>) {
      super();
    }
    @endpoint({ output: z.string() })
    async runRemote() {
      return this.whisper.runRemote({ url: "x" });
    }
  }
  expect(() => runLocal(Captions)).toThrow(
    expect.objectContaining({
      code: "DEPENDENCY_NOT_CONFIGURED",
      message: "The code of Whisper is not part of this chain, and nothing says where it runs.",
      location: { className: "Captions", member: "constructor, parameter 1" },
    }),
  );
  await using chain = runLocal(Captions, { overrides: [[Whisper, { runRemote: async () => "words" }]] });
  expect(await chain.runRemote()).toBe("words");
});

describe("a WebSocket chainlet", () => {
  @markEntrypoint()
  @Chainlet()
  class Echo extends ChainletBase {
    @endpoint({ receive: z.object({ say: z.string(), times: z.number().default(2) }), send: z.string() })
    async runRemote(socket: WebSocketConnection<{ say: string; times: number }, string>) {
      for await (const { say, times } of socket) {
        if (say === "bye") return;
        await socket.send(say.repeat(times));
      }
    }
  }

  test("talks to its client, with the defaults of its schemas", async () => {
    await using chain = runLocal(Echo);
    const socket = await chain.runRemote();
    await socket.send({ say: "hi" } as never);
    expect(await socket.receive()).toBe("hihi");
    await socket.send({ say: "bye", times: 1 });
    await expect(socket.receive()).rejects.toMatchObject({ data: { code: 1000 } });
  });

  test("closes with 1007 for a message that does not fit", async () => {
    await using chain = runLocal(Echo);
    const socket = await chain.runRemote();
    await socket.send({ say: 1 } as never);
    await expect(socket.receive()).rejects.toMatchObject({ data: { code: 1007 } });
  });

  test("loses its clients when the run ends", async () => {
    const chain = runLocal(Echo);
    const socket = await chain.runRemote();
    await chain[Symbol.asyncDispose]();
    await expect(socket.receive()).rejects.toMatchObject({ data: { code: 1001 } });
    expect(socket.signal.aborted).toBe(true);
  });
});
