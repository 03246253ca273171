import type { WireHandler, WireRequest, WireResponse } from "@truss-chains/rpc";

/** A `WireResponse` whose body may be at hand already, which spares the server an iteration. */
export interface Answer extends Omit<WireResponse, "body" | "bytes"> {
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Serves one chainlet. A failure is an answer too; a rejection would be a bug of the runtime, and costs one call only. */
export type Handler = (request: WireRequest) => Promise<Answer>;

export function isStream(body: Answer["body"]): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && Symbol.asyncIterator in body;
}

/** The handler as the other end of a `Transport`. */
export function toWireHandler(handler: Handler): WireHandler {
  return async (request) => {
    const answer = await handler(request);
    const { status, headers, body } = answer;
    if (isStream(body)) return { status, headers, body };
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    return { status, headers, bytes, body: once(bytes) };
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
