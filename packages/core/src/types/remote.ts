import type { RequestContext } from "./request-context.ts";
import type { CallerInput } from "./schema.ts";
import type { WebSocketConnection } from "./websocket.ts";

/** Options of one call. They narrow what `@depends` allows, never widen it. */
export interface CallOptions {
  /** Aborts this call. The request being served aborts it too, without being named here. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the whole call may take, all attempts included. */
  readonly timeoutMs?: number;
  /** Sent along; names of the protocol's own headers are refused. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type AnyFunction = (...args: any[]) => any;

type RemoteArguments<P extends readonly any[]> = P extends readonly []
  ? [options?: CallOptions]
  : [RequestContext] extends [P[0]]
    ? P[0] extends RequestContext | undefined
      ? [options?: CallOptions]
      : [input: CallerInput<P[0]>, options?: CallOptions]
    : [input: CallerInput<P[0]>, options?: CallOptions];

/**
 * A chainlet as its callers see it: only `runRemote`, taking what a caller may send. A Promise for a plain endpoint,
 * an `AsyncIterable` for a stream, a connection for a WebSocket. A plain object of this shape fits too, which is
 * how chainlets are unit tested.
 */
export type Remote<C extends { runRemote: AnyFunction }> = {
  readonly runRemote: C["runRemote"] extends (...args: infer P) => infer R
    ? P extends [WebSocketConnection<infer Received, infer Sent>, ...any[]]
      ? (options?: CallOptions) => Promise<WebSocketConnection<Sent, Received>>
      : (
          ...args: RemoteArguments<P>
        ) => [R] extends [AsyncIterable<infer Item>] ? AsyncIterable<Item> : Promise<Awaited<R>>
    : never;
};
