import type { Schema } from "../types/schema.ts";

/** Takes at most one object and returns once. Without `output`, nothing is returned. */
export interface UnarySpec {
  readonly input?: Schema;
  readonly output?: Schema;
}

/** An async generator of items. */
export interface StreamSpec {
  readonly input?: Schema;
  readonly stream: Schema;
}

/** A WebSocket: messages that arrive, messages that are sent. */
export interface WebSocketSpec {
  readonly receive: Schema;
  readonly send: Schema;
}

export type EndpointSpec = UnarySpec | StreamSpec | WebSocketSpec;
