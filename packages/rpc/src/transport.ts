import type { Cancellation } from "./call/cancellation.ts";

/** One attempt of a call, as it goes over the wire. The body is complete: requests are never streamed. */
export interface WireRequest {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** Aborting it abandons the call, and everything that the callee does for it. */
  readonly signal: AbortSignal | undefined;
  /** Where the signal comes from, for whoever can do without one. */
  readonly cancellation?: Cancellation | undefined;
  /** Asks for the whole answer in `WireResponse.bytes`, which is faster than iterating; a transport may ignore it. */
  readonly whole?: boolean | undefined;
}

/** The answer to one attempt. */
export interface WireResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The pieces of the body as they arrive. Ending the iteration early abandons the rest. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body, when it is here already. `body` gives the same. */
  readonly bytes?: Uint8Array;
}

/**
 * Calls one chainlet. Knows nothing of schemas, retries or limits. Rejects with a `ChainsError`: `CONNECTION_FAILED`
 * when the callee could not be reached or hung up, `CALL_ABORTED` when the signal fired. Any HTTP status is an answer.
 */
export interface Transport {
  call(request: WireRequest): Promise<WireResponse>;
  close(): Promise<void>;
}

/** The other end of a `Transport`: serves one chainlet. Never rejects: a failure is an answer too. */
export type WireHandler = (request: WireRequest) => Promise<WireResponse>;

/** The same request but for some of it. A spread would lose the signal, which some requests make on demand. */
export function changedRequest(request: WireRequest, change: Partial<WireRequest>): WireRequest {
  const { headers, body, signal, cancellation, whole } = request;
  return { headers, body, signal, cancellation, whole, ...change };
}

/** All of a body at once. */
export async function readWhole({ bytes, body }: Pick<WireResponse, "bytes" | "body">): Promise<Uint8Array> {
  if (bytes) return bytes;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}
