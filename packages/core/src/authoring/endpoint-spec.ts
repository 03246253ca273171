import type { Schema } from "../types/schema.ts";

/** Takes at most one object and returns once. Without `output`, nothing is returned. */
export interface UnarySpec {
  /** Of the one object that callers send. Without it, the endpoint takes nothing. */
  readonly input?: Schema;
  /** Of what is returned. Without it, nothing is. */
  readonly output?: Schema;
}

/** An async generator of items. */
export interface StreamSpec {
  /** Of the one object that callers send. Without it, the endpoint takes nothing. */
  readonly input?: Schema;
  /** Of one item that is yielded. */
  readonly stream: Schema;
}

/** A WebSocket: messages that arrive, messages that are sent. */
export interface WebSocketSpec {
  /** Of a message that arrives. */
  readonly receive: Schema;
  /** Of a message that is sent. */
  readonly send: Schema;
}

export type EndpointSpec = UnarySpec | StreamSpec | WebSocketSpec;
