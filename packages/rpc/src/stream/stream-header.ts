/**
 * Says how a stream travels. In a request: the caller reads framed streams (`1`). In an answer: the body is framed, and
 * this is what an item's payload is.
 */
export const STREAM_HEADER = "x-chains-stream";

/** Payloads of items: UTF-8 text, raw bytes, or a message of a codec. */
export type ItemFormat = "text" | "bytes" | "json" | "msgpack";

export function isItemFormat(value: string | undefined): value is ItemFormat {
  return value === "text" || value === "bytes" || value === "json" || value === "msgpack";
}

/** The payload of the footer that ends every framed stream of ours, as JSON. */
export interface StreamFooter {
  /** How many items came before. */
  readonly items: number;
  /** Only when the stream failed: the status and the body that a plain call would have been answered with. */
  readonly status?: number;
  readonly error?: unknown;
  readonly chains?: unknown;
}
