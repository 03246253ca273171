import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { Chainlet, ChainletBase, endpoint, type Input, type RequestContext } from "../index.ts";
import type { WebSocketConnection } from "./websocket.ts";

const Question = z.object({ text: z.string(), limit: z.int().default(10), tag: z.string().optional() });
const Count = z.object({ count: z.int() });

// What an endpoint may look like.

@Chainlet()
export class Async extends ChainletBase {
  @endpoint({ input: Question, output: z.string() })
  async runRemote({ text, limit, tag }: Input<typeof Question>): Promise<string> {
    return text.slice(0, limit) + (tag ?? "");
  }
}

@Chainlet()
export class Sync extends ChainletBase {
  @endpoint({ input: Count, output: Count })
  runRemote({ count }: { count: number }) {
    return { count };
  }
}

@Chainlet()
export class Nothing extends ChainletBase {
  @endpoint()
  async runRemote() {}
}

@Chainlet()
export class IgnoresItsInput extends ChainletBase {
  @endpoint({ input: Count, output: z.int() })
  async runRemote() {
    return 1;
  }
}

@Chainlet()
export class RequestOnly extends ChainletBase {
  @endpoint({ output: z.string() })
  async runRemote(request: RequestContext) {
    return request.requestId;
  }
}

@Chainlet()
export class InputAndRequest extends ChainletBase {
  @endpoint({ input: Question, output: z.int() })
  async runRemote({ limit }: z.output<typeof Question>, request: RequestContext) {
    request.log.info("counting", { limit });
    return limit;
  }
}

@Chainlet()
export class Streams extends ChainletBase {
  @endpoint({ input: Count, stream: z.object({ token: z.string() }) })
  async *runRemote({ count }: { count: number }) {
    for (let index = 0; index < count; index++) yield { token: String(index) };
  }
}

@Chainlet()
export class Socket extends ChainletBase {
  @endpoint({ receive: z.object({ q: z.string() }), send: z.object({ a: z.number() }) })
  async runRemote(socket: WebSocketConnection<{ q: string }, { a: number }>): Promise<void> {
    for await (const { q } of socket) await socket.send({ a: q.length });
  }
}

@Chainlet()
export class Literals extends ChainletBase {
  @endpoint({ input: z.object({ mode: z.enum(["a", "b"]) }), output: z.object({ kind: z.literal("x") }) })
  async runRemote(_input: { mode: "a" | "b" }): Promise<{ kind: "x" }> {
    return { kind: "x" };
  }
}

@Chainlet()
export class Anything extends ChainletBase {
  @endpoint({ input: z.any(), output: z.any() })
  async runRemote(input: any): Promise<any> {
    return input;
  }
}

@Chainlet()
export class OfValibot extends ChainletBase {
  @endpoint({ input: v.object({ text: v.string() }), output: v.number() })
  async runRemote({ text }: { text: string }) {
    return text.length;
  }
}

@Chainlet()
export class OfArktype extends ChainletBase {
  @endpoint({ input: type({ text: "string" }), output: type("number") })
  async runRemote({ text }: { text: string }) {
    return text.length;
  }
}

// A transform: the method gets what the schema produces, and returns what the schema takes.
const Trimmed = z.object({ at: z.string().transform((text) => new Date(text)) });

@Chainlet()
export class Transforms extends ChainletBase {
  @endpoint({ input: Trimmed, output: Trimmed })
  async runRemote({ at }: { at: Date }): Promise<{ at: string }> {
    return { at: at.toISOString() };
  }
}

// What does not compile.

export class InputOfAnotherType extends ChainletBase {
  // @ts-expect-error the schema produces a number
  @endpoint({ input: Count, output: z.int() })
  async runRemote({ count }: { count: string }) {
    return count.length;
  }
}

export class InputWithAnExtraField extends ChainletBase {
  // @ts-expect-error nobody sends `other`
  @endpoint({ input: Count, output: z.int() })
  async runRemote({ count, other }: { count: number; other: string }) {
    return count + other.length;
  }
}

export class OptionalFieldTakenAsGiven extends ChainletBase {
  // @ts-expect-error `tag` may be undefined
  @endpoint({ input: Question, output: z.int() })
  async runRemote({ tag }: { tag: string }) {
    return tag.length;
  }
}

export class OutputOfAnotherType extends ChainletBase {
  // @ts-expect-error the method returns a number
  @endpoint({ input: Count, output: z.string() })
  async runRemote({ count }: { count: number }) {
    return count;
  }
}

export class AnswerWithoutOutput extends ChainletBase {
  // @ts-expect-error nothing may be returned
  @endpoint({ input: Count })
  async runRemote({ count }: { count: number }) {
    return count;
  }
}

export class InputWithoutSchema extends ChainletBase {
  // @ts-expect-error no `input` is declared
  @endpoint({ output: z.int() })
  async runRemote({ count }: { count: number }) {
    return count;
  }
}

export class StreamDeclaredAsOutput extends ChainletBase {
  // @ts-expect-error a generator needs `stream`
  @endpoint({ input: Count, output: z.int() })
  async *runRemote({ count }: { count: number }) {
    yield count;
  }
}

export class StreamThatDoesNotYield extends ChainletBase {
  // @ts-expect-error not a generator
  @endpoint({ input: Count, stream: z.int() })
  async runRemote({ count }: { count: number }) {
    return count;
  }
}

export class StreamOfOtherItems extends ChainletBase {
  // @ts-expect-error the items are numbers
  @endpoint({ input: Count, stream: z.string() })
  async *runRemote({ count }: { count: number }) {
    yield count;
  }
}

export class SecondParameterOfAnotherType extends ChainletBase {
  // @ts-expect-error the second parameter is the RequestContext
  @endpoint({ input: Count, output: z.int() })
  async runRemote({ count }: { count: number }, more: number) {
    return count + more;
  }
}

export class EndpointOnAnotherMethod extends ChainletBase {
  runRemote() {}

  // @ts-expect-error the endpoint's method is named runRemote
  @endpoint({ input: Count, output: z.int() })
  async predict({ count }: { count: number }) {
    return count;
  }
}

export class EndpointWithoutRunRemote extends ChainletBase {
  // @ts-expect-error the endpoint's method is named runRemote
  @endpoint({ input: Count, output: z.int() })
  async predict({ count }: { count: number }) {
    return count;
  }
}

export class SocketOfOtherMessages extends ChainletBase {
  // @ts-expect-error strings arrive, not objects
  @endpoint({ receive: z.string(), send: z.string() })
  async runRemote(socket: WebSocketConnection<{ q: string }, { a: number }>): Promise<void> {
    await socket.close();
  }
}

export class SocketThatReturns extends ChainletBase {
  // @ts-expect-error a WebSocket endpoint returns nothing
  @endpoint({ receive: z.string(), send: z.string() })
  async runRemote(socket: WebSocketConnection<string, string>): Promise<number> {
    await socket.close();
    return 1;
  }
}

export class SpecOfNoShape extends ChainletBase {
  // @ts-expect-error `outputs` is no part of a spec
  @endpoint({ input: Count, outputs: z.int() })
  async runRemote(_input: { count: number }) {}
}

export class SpecOfTwoShapes extends ChainletBase {
  // @ts-expect-error an endpoint answers once or streams
  @endpoint({ output: z.string(), stream: z.string() })
  async *runRemote() {
    yield "";
  }
}

export class SocketWithOutput extends ChainletBase {
  // @ts-expect-error a WebSocket has no output
  @endpoint({ receive: z.string(), send: z.string(), output: z.string() })
  async runRemote(_socket: WebSocketConnection<string, string>) {}
}

export class StaticEndpoint extends ChainletBase {
  // @ts-expect-error an endpoint is an instance method
  @endpoint()
  static async runRemote() {}
}

export class EndpointOnAProperty extends ChainletBase {
  // @ts-expect-error a property is no method
  @endpoint({ output: z.string() })
  runRemote = async () => "";
}

export class EndpointThatAlwaysThrows extends ChainletBase {
  @endpoint({ output: z.string() })
  async runRemote(): Promise<never> {
    throw new Error("not written yet");
  }
}

export class SchemaThatIsNone extends ChainletBase {
  // @ts-expect-error a plain object is no schema
  @endpoint({ input: { count: "number" } })
  async runRemote() {}
}

// @ts-expect-error a chainlet extends ChainletBase
@Chainlet()
export class NotABase {
  async runRemote() {}
}
