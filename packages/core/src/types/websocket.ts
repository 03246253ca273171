/**
 * A typed WebSocket. Messages of type `Received` arrive, messages of type `Sent` may be sent. Iterating ends when
 * the other side closes.
 */
export interface WebSocketConnection<Received = string | Uint8Array, Sent = string | Uint8Array>
  extends AsyncIterable<Received> {
  readonly headers: Headers;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
  /** The next message. Rejects when the connection closes before one arrives. */
  receive(): Promise<Received>;
  /** Resolves when the message was handed to the network, which is how back-pressure reaches the sender. */
  send(message: Sent): Promise<void>;
  /** @param code 1000 unless told otherwise. */
  close(code?: number, reason?: string): Promise<void>;
}
