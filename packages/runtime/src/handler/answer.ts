import type { WireHandler, WireRequest, WireResponse } from "@truss-chains/rpc";

/** A `WireResponse` whose body may be at hand already, which spares the server an iteration. */
export interface Answer extends Omit<WireResponse, "body"> {
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Serves one chainlet. Never rejects: a failure is an answer too. */
export type Handler = (request: WireRequest) => Promise<Answer>;

export function isStream(body: Answer["body"]): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && Symbol.asyncIterator in body;
}

/** The handler as the other end of a `Transport`. */
export function toWireHandler(handler: Handler): WireHandler {
  return async (request) => {
    const answer = await handler(request);
    return isStream(answer.body) ? (answer as WireResponse) : { ...answer, body: once(answer.body) };
  };
}

async function* once(body: string | Uint8Array): AsyncIterable<Uint8Array> {
  if (body.length > 0) yield typeof body === "string" ? Buffer.from(body) : body;
}
