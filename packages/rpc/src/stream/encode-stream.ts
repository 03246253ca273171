import { ChainsError } from "@truss-chains/errors";
import type { Codec } from "../codec/codec.ts";
import { jsonCodec } from "../codec/codec.ts";
import type { ErrorBody } from "../errors/error-body.ts";
import { BatchedBytes, type BatchSource } from "./batched.ts";
import { ByteBatch } from "./byte-batch.ts";
import { FRAME } from "./frame.ts";
import { type ItemFormat, STREAM_HEADER, type StreamFooter } from "./stream-header.ts";
import { WholeCharacters } from "./text.ts";

export interface EncodeStreamOptions {
  /** The headers of the request; lower-case names. */
  readonly requestHeaders: Readonly<Record<string, string | string[] | undefined>>;
  /** The codec of the request: the items of a caller of ours travel in it. */
  readonly codec: Codec;
  /** Checks an item, and may change it. */
  readonly validate?: (item: unknown) => unknown;
  /** Called once when the stream fails after its first item; its answer is what a caller of ours is told. */
  readonly onError: (error: unknown) => ErrorBody | Promise<ErrorBody>;
}

/** A stream on its way out. */
export interface EncodedStream {
  /** `content-type` and, when the body is framed, what its items are. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ending the iteration early ends the generator. */
  readonly body: AsyncIterableIterator<Uint8Array>;
}

/**
 * Puts the items of a streaming endpoint on the wire. Resolves once the first item is ready to be sent, so that a failure
 * before that can be answered like that of a plain call: it rejects then.
 *
 * Callers of ours, which say so in a header, get frames and a footer that tells a complete stream from a failed one.
 * Others get strings and bytes as they are, one after the other, and objects in the frames that
 * `truss_chains.streaming` reads.
 *
 * @throws whatever the generator throws before its first item, and what is wrong with that item.
 */
export async function encodeStream(
  items: AsyncIterable<unknown>,
  options: EncodeStreamOptions,
): Promise<EncodedStream> {
  const { requestHeaders, codec, validate } = options;
  const iterator = items[Symbol.asyncIterator]();
  const { value, done } = await iterator.next();
  try {
    const first = done || !validate ? value : await validate(value);
    const forUs = requestHeaders[STREAM_HEADER] !== undefined;
    // A stream without items is empty in every format; without frames it stays what Python expects.
    const format = done ? "bytes" : formatOf(first, forUs ? codec : jsonCodec);
    const framed = forUs || format === "json" || format === "msgpack";
    const source = new ItemSource(iterator, { ...options, format, framed });
    if (!done) source.send(first);
    return {
      headers: { "content-type": "application/octet-stream", ...(framed && { [STREAM_HEADER]: format }) },
      body: new BatchedBytes(source),
    };
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

function formatOf(item: unknown, codec: Codec): ItemFormat {
  if (typeof item === "string") return "text";
  return item instanceof Uint8Array ? "bytes" : codec.name;
}

interface ItemSourceOptions extends EncodeStreamOptions {
  readonly format: ItemFormat;
  readonly framed: boolean;
}

class ItemSource implements BatchSource {
  readonly batch = new ByteBatch();
  readonly #iterator: AsyncIterator<unknown>;
  readonly #options: ItemSourceOptions;
  readonly #characters = new WholeCharacters();
  #items = 0;

  constructor(iterator: AsyncIterator<unknown>, options: ItemSourceOptions) {
    this.#iterator = iterator;
    this.#options = options;
  }

  async pull(): Promise<boolean> {
    try {
      const { value, done } = await this.#iterator.next();
      if (!done) {
        const sending = this.#sendChecked(value);
        if (sending) await sending;
        return true;
      }
      this.#finish();
    } catch (error) {
      await this.#fail(error);
    }
    return false;
  }

  async cancel(): Promise<void> {
    await this.#iterator.return?.();
  }

  /** @throws ChainsError `VALUE_NOT_SERIALIZABLE`; the item is not sent then. */
  send(item: unknown): void {
    this.#write(this.#payload(item));
  }

  /** @throws what is wrong with the item; it is not sent then. */
  #sendChecked(value: unknown): Promise<void> | undefined {
    const { validate } = this.#options;
    const item = validate ? validate(value) : value;
    if (item instanceof Promise) return item.then((valid) => this.send(valid));
    this.send(item);
    return undefined;
  }

  #write(payload: Uint8Array | string): void {
    if (this.#options.framed) this.batch.frame(FRAME.ITEM, payload);
    else this.batch.raw(payload);
    this.#items++;
  }

  #payload(item: unknown): Uint8Array | string {
    const { format, codec } = this.#options;
    if (format === "json") return jsonCodec.encode(item);
    if (format === "msgpack") return codec.encode(item);
    if (format === "text" && typeof item === "string") return this.#characters.push(item);
    if (format === "bytes" && item instanceof Uint8Array) return item;
    throw new ChainsError(
      "VALUE_NOT_SERIALIZABLE",
      `A stream of ${format} yielded ${item === null ? "null" : typeof item}.`,
      {
        fix: "Let all items of a stream be strings, or all be bytes, or all be objects.",
      },
    );
  }

  /** @param failure what the footer says besides. */
  #finish(failure?: Omit<StreamFooter, "items">): void {
    const rest = this.#characters.end();
    if (rest !== "") this.#write(rest);
    if (!this.#options.framed) return;
    const footer: StreamFooter = { items: this.#items, ...failure };
    this.batch.frame(FRAME.FOOTER, JSON.stringify(footer));
  }

  async #fail(error: unknown): Promise<void> {
    const { status, body } = await this.#options.onError(error);
    await this.#iterator.return?.();
    this.#finish({ status, ...JSON.parse(body) });
  }
}
