import type { AnyFunction } from "./remote.ts";
import type { RequestContext } from "./request-context.ts";
import type { Schema, SchemaInput, SchemaOutput } from "./schema.ts";
import type { WebSocketConnection } from "./websocket.ts";

// The result of a check becomes the type of the decorator's own argument, so that the compiler's message shows
// `error`, `expected` and `got`. Every comparison is wrapped in a tuple: bare conditionals would distribute over
// unions and let `any` take both branches.

/** What the compiler shows when a decorator does not fit what it decorates. */
export interface Mismatch<Message extends string, Expected, Got> {
  readonly error: Message;
  readonly expected: Expected;
  readonly got: Got;
}

type ParametersOf<M> = M extends (...args: infer P) => any ? P : never;
type ReturnOf<M> = M extends (...args: any[]) => infer R ? R : never;
type IsAny<T> = 0 extends 1 & T ? true : false;
// What always throws returns nothing that would not fit.
type FitsAll<T> = IsAny<T> extends true ? true : [T] extends [never] ? true : false;
type AndThen<First, Second> = First extends true ? Second : First;

type CheckContext<P extends readonly any[]> = P extends readonly [any]
  ? true
  : [RequestContext] extends [P[1]]
    ? true
    : Mismatch<"The second parameter of an endpoint is the RequestContext", RequestContext, P[1]>;

type CheckInput<M, I> = I extends Schema
  ? ParametersOf<M> extends []
    ? true
    : [SchemaOutput<I>] extends [ParametersOf<M>[0]]
      ? ParametersOf<M> extends [any] | [any, any?]
        ? CheckContext<ParametersOf<M>>
        : Mismatch<"An endpoint takes (input, request?)", [SchemaOutput<I>, RequestContext?], ParametersOf<M>>
      : Mismatch<
          "The `input` schema produces something this method's parameter does not accept",
          SchemaOutput<I>,
          ParametersOf<M>[0]
        >
  : ParametersOf<M> extends []
    ? true
    : [RequestContext] extends [ParametersOf<M>[0]]
      ? true
      : Mismatch<
          "This endpoint declares no `input` schema, so its method may only take a RequestContext",
          [request?: RequestContext],
          ParametersOf<M>
        >;

type CheckOutput<M, O> = [Awaited<ReturnOf<M>>] extends [AsyncIterable<any>]
  ? FitsAll<Awaited<ReturnOf<M>>> extends true
    ? true
    : Mismatch<
        "This method streams (it returns an AsyncIterable): declare `stream` instead of `output`",
        "@endpoint({ stream: itemSchema })",
        ReturnOf<M>
      >
  : O extends Schema
    ? [Awaited<ReturnOf<M>>] extends [SchemaInput<O>]
      ? true
      : Mismatch<
          "This method returns something the `output` schema does not accept",
          SchemaInput<O>,
          Awaited<ReturnOf<M>>
        >
    : [Awaited<ReturnOf<M>>] extends [void | undefined]
      ? true
      : Mismatch<
          "This method returns a value but the endpoint declares no `output` schema",
          void,
          Awaited<ReturnOf<M>>
        >;

type CheckStream<M, S extends Schema> = [ReturnOf<M>] extends [AsyncIterable<infer Item>]
  ? [Item] extends [SchemaInput<S>]
    ? true
    : Mismatch<"This method yields items the `stream` schema does not accept", SchemaInput<S>, Item>
  : Mismatch<
      "A streaming endpoint must be an async generator: async *runRemote()",
      AsyncIterable<SchemaInput<S>>,
      ReturnOf<M>
    >;

type CheckWebSocket<M, Receive extends Schema, Send extends Schema> = [
  WebSocketConnection<SchemaOutput<Receive>, SchemaInput<Send>>,
] extends [ParametersOf<M>[0]]
  ? [Awaited<ReturnOf<M>>] extends [void]
    ? true
    : Mismatch<"A WebSocket endpoint returns nothing", void, Awaited<ReturnOf<M>>>
  : Mismatch<
      "A WebSocket endpoint takes a WebSocketConnection of the `receive` and `send` schemas",
      WebSocketConnection<SchemaOutput<Receive>, SchemaInput<Send>>,
      ParametersOf<M>[0]
    >;

type SchemaAt<Spec, Key extends string> = Spec extends { readonly [K in Key]: infer S extends Schema }
  ? S
  : undefined;

type SpecPart = "input" | "output" | "stream" | "receive" | "send";

// A type parameter accepts more properties than its constraint names, so that a misspelt part would pass.
type CheckParts<Spec> = [Exclude<keyof Spec, SpecPart>] extends [never]
  ? Spec extends Together<"output", "stream"> | Together<"receive" | "send", "input" | "output" | "stream">
    ? Mismatch<
        "An endpoint has one of three specs",
        "{ input?, output? }, { input?, stream } or { receive, send }",
        keyof Spec
      >
    : true
  : Mismatch<"This is not a part of an endpoint's spec", SpecPart, Exclude<keyof Spec, SpecPart>>;

/** Any of the parts on the left beside any of those on the right. */
type Together<Left extends SpecPart, Right extends SpecPart> = {
  [L in Left]: { [R in Right]: { readonly [Part in L | R]: Schema } }[Right];
}[Left];

/** `true` when the method fits the endpoint's spec, else a `Mismatch` that says what does not. */
export type CheckEndpoint<M, Spec> = AndThen<CheckParts<Spec>, CheckMethod<M, Spec>>;

type CheckMethod<M, Spec> = Spec extends {
  readonly receive: infer Receive extends Schema;
  readonly send: infer Send extends Schema;
}
  ? CheckWebSocket<M, Receive, Send>
  : Spec extends { readonly stream: infer Item extends Schema }
    ? AndThen<CheckInput<M, SchemaAt<Spec, "input">>, CheckStream<M, Item>>
    : AndThen<CheckInput<M, SchemaAt<Spec, "input">>, CheckOutput<M, SchemaAt<Spec, "output">>>;

type ErrorOr<Result, Value> = Result extends true ? Value : Result;

/**
 * The type of `@endpoint(spec)`: its `key` argument only accepts "runRemote" when the method fits the spec. A property,
 * which has no descriptor, is no method.
 */
export type EndpointDecorator<Spec> = <T>(
  target: T,
  key: T extends { runRemote: infer M extends AnyFunction }
    ? T extends AnyClass
      ? Mismatch<"@endpoint belongs on an instance method", "runRemote", "static runRemote">
      : ErrorOr<CheckEndpoint<M, Spec>, "runRemote">
    : Mismatch<"@endpoint belongs on the method named runRemote", "runRemote", unknown>,
  descriptor: TypedPropertyDescriptor<any>,
) => void;

export type AnyClass = abstract new (...args: any[]) => any;

/** The type of a constructor parameter decorator that injects a `Value`. */
export type InjectDecorator<Value> = <C extends AnyClass, N extends number>(
  target: C,
  key: undefined,
  index: [Value] extends [ConstructorParameters<C>[N]]
    ? N
    : N &
        Mismatch<
          "This constructor parameter does not accept what is injected into it",
          Value,
          ConstructorParameters<C>[N]
        >,
) => void;
