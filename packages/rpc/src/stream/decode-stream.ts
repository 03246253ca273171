import { ChainsError } from "@truss-chains/errors";
import { jsonCodec, msgpackCodec } from "../codec/codec.ts";
import { decodeReceived } from "../codec/decode-received.ts";
import { decodeJson } from "../codec/json.ts";
import { fromErrorResponse } from "../errors/error-response.ts";
import { isErrorStatus } from "../errors/http-error.ts";
import { FRAME } from "./frame.ts";
import { FrameParser } from "./frame-parser.ts";
import type { ItemFormat, StreamFooter } from "./stream-header.ts";

export interface DecodeStreamOptions {
  readonly format: ItemFormat;
  /** Class name of the chainlet that was called. */
  readonly dependency: string;
  /** The trace context that the call carried. */
  readonly traceparent: string;
}

/**
 * The items of a framed stream of one of our chainlets, as they were yielded; those that arrive together come
 * together, since to wait for each costs more than to read it.
 *
 * @throws the callee's error when the stream failed there; ChainsError `CONNECTION_FAILED` when it ended without saying
 * so; `STREAM_FORMAT` when it is not framed; `RESPONSE_INVALID` when an item cannot be read.
 */
export async function* decodeStream(
  pieces: AsyncIterable<Uint8Array>,
  options: DecodeStreamOptions,
): AsyncGenerator<unknown[], void, undefined> {
  const decode = DECODERS[options.format];
  const what = `An item of ${options.dependency}`;
  const parser = new FrameParser();
  let items = 0;
  for await (const piece of pieces) {
    const batch: unknown[] = [];
    for (const { kind, payload } of parser.push(piece)) {
      if (kind === FRAME.FOOTER) {
        if (batch.length > 0) yield batch;
        return readFooter(payload, items, options);
      }
      items++;
      batch.push(decodeReceived(decode, payload, what, "RESPONSE_INVALID"));
    }
    if (batch.length > 0) yield batch;
  }
  parser.end();
  throw cutOff(options.dependency);
}

const DECODERS: Record<ItemFormat, (payload: Uint8Array) => unknown> = {
  text: (payload) => Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8"),
  bytes: (payload) => new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength),
  json: jsonCodec.decode,
  msgpack: msgpackCodec.decode,
};

function readFooter(
  payload: Uint8Array,
  items: number,
  { dependency, traceparent }: DecodeStreamOptions,
): void {
  const what = `The footer of the stream of ${dependency}`;
  const footer = decodeReceived(decodeJson, payload, what, "STREAM_FORMAT") as Partial<StreamFooter> | null;
  if (footer?.error !== undefined) {
    const status = isErrorStatus(footer.status) ? footer.status : 500;
    throw fromErrorResponse({ dependency, status, body: payload, traceparent });
  }
  if (footer?.items === items) return;
  const said =
    typeof footer?.items === "number"
      ? `says it has ${footer.items} items`
      : "does not say how many items it has";
  throw new ChainsError("STREAM_FORMAT", `The stream of ${dependency} ${said}, but ${items} came.`);
}

function cutOff(dependency: string): ChainsError {
  return new ChainsError("CONNECTION_FAILED", `The stream of ${dependency} ended before it was complete.`, {
    fix: "The callee, or a proxy before it, went away: look at its logs.",
  });
}
