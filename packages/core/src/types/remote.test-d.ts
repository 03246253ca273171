import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { type CallOptions, Chainlet, ChainletBase, endpoint, type Input, type Remote } from "../index.ts";
import type { RequestContext } from "./request-context.ts";
import type { WebSocketConnection } from "./websocket.ts";

const Query = z.object({ q: z.string(), k: z.int().default(10), tag: z.string().optional() });

@Chainlet()
class Search extends ChainletBase {
  @endpoint({ input: Query, output: z.object({ hits: z.int() }) })
  async runRemote({ k }: Input<typeof Query>, _request: RequestContext) {
    return { hits: k };
  }
}

@Chainlet()
class Sync extends ChainletBase {
  @endpoint({ input: z.object({ s: z.string() }), output: z.int() })
  runRemote({ s }: { s: string }): number {
    return s.length;
  }
}

@Chainlet()
class Clock extends ChainletBase {
  @endpoint({ output: z.string() })
  async runRemote(request: RequestContext) {
    return request.requestId;
  }
}

@Chainlet()
class Tokens extends ChainletBase {
  @endpoint({ input: z.object({ n: z.int() }), stream: z.string() })
  async *runRemote({ n }: { n: number }) {
    yield String(n);
  }
}

@Chainlet()
class Chat extends ChainletBase {
  @endpoint({ receive: z.string(), send: z.number() })
  async runRemote(socket: WebSocketConnection<string, number>): Promise<void> {
    await socket.close();
  }
}

test("callers may leave out what has a default, and never pass a RequestContext", () => {
  type Call = Remote<Search>["runRemote"];
  expectTypeOf<Parameters<Call>[0]>().toEqualTypeOf<{
    q: string;
    k?: number | undefined;
    tag?: string | undefined;
  }>();
  expectTypeOf<Parameters<Call>[1]>().toEqualTypeOf<CallOptions | undefined>();
  expectTypeOf<ReturnType<Call>>().toEqualTypeOf<Promise<{ hits: number }>>();
});

test("a call of a sync method is a Promise too", () => {
  expectTypeOf<Remote<Sync>["runRemote"]>().toEqualTypeOf<
    (input: { s: string }, options?: CallOptions) => Promise<number>
  >();
});

test("an endpoint without input takes only call options", () => {
  expectTypeOf<Remote<Clock>["runRemote"]>().toEqualTypeOf<(options?: CallOptions) => Promise<string>>();
});

test("a stream is an AsyncIterable", () => {
  expectTypeOf<Remote<Tokens>["runRemote"]>().toEqualTypeOf<
    (input: { n: number }, options?: CallOptions) => AsyncIterable<string>
  >();
});

test("the two ends of a WebSocket are each other's mirror", () => {
  expectTypeOf<Remote<Chat>["runRemote"]>().toEqualTypeOf<
    (options?: CallOptions) => Promise<WebSocketConnection<number, string>>
  >();
});

test("only runRemote can be called from elsewhere", () => {
  expectTypeOf<keyof Remote<Search>>().toEqualTypeOf<"runRemote">();
});

test("chainlets and plain objects both stand in for a Remote", () => {
  expectTypeOf<Tokens>().toExtend<Remote<Tokens>>();
  expectTypeOf({ runRemote: async (_input: { s: string }) => 1 }).toExtend<Remote<Sync>>();
  expectTypeOf({ runRemote: async (_input: { s: string }) => "one" }).not.toExtend<Remote<Sync>>();
});

test("a wrong call does not compile", async () => {
  const sync = {} as Remote<Sync>;
  const call = async () => {
    // @ts-expect-error `s` is a string
    await sync.runRemote({ s: 3 });
    // @ts-expect-error `s` is missing
    await sync.runRemote({});
    // @ts-expect-error `timeout` is no call option
    await sync.runRemote({ s: "" }, { timeout: 3 });
  };
  expectTypeOf(call).returns.resolves.toBeVoid();
});
