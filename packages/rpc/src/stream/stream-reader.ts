import { ChainsError } from "@truss-chains/errors";
import { decodeReceived } from "../codec/decode-received.ts";
import { decodeJson } from "../codec/json.ts";
import { validateValue } from "../codec/validate.ts";
import { FRAME, type Frame } from "./frame.ts";
import { readFrames } from "./read-frames.ts";
import type { Read, StreamTypes } from "./stream-types.ts";

/** Reads what `streamWriter`, here or in Python, wrote; see `streamReader`. */
export interface StreamReader<T extends StreamTypes> {
  /** @throws ChainsError `STREAM_FORMAT` when the stream does not begin with a header. */
  header(): Promise<Read<T, "header">>;
  /**
   * The items, up to the footer or the end. To leave them early ends the stream.
   *
   * @throws ChainsError `STREAM_FORMAT` when there is a header that was not read, and when an item does not fit.
   */
  items(): AsyncGenerator<Read<T, "item">, void, undefined>;
  /** @throws ChainsError `STREAM_FORMAT` when there is none. Read the items first. */
  footer(): Promise<Read<T, "footer">>;
}

/** Reads a stream of typed messages out of bytes that may be split anywhere. Every message is checked by its schema. */
export function streamReader<const T extends StreamTypes>(
  types: T,
  bytes: AsyncIterable<Uint8Array>,
): StreamReader<T> {
  const frames = readFrames(bytes);
  let footer: Frame | undefined;

  const next = async (): Promise<Frame | undefined> => {
    const { value, done } = await frames.next();
    return done ? undefined : value;
  };
  // Where the bytes come from is held, a connection mostly, until it is read to the end or left.
  const leave = () => frames.return();
  const read = (part: keyof StreamTypes, frame: Frame) => {
    const schema = types[part];
    if (!schema)
      throw new ChainsError("USAGE", `This stream has no ${part}.`, {
        fix: `Give \`${part}\` to streamReader().`,
      });
    const what = `The ${part} of the stream`;
    const value = decodeReceived(decodeJson, frame.payload, what, "STREAM_FORMAT");
    return validateValue(schema, value, what, "STREAM_FORMAT");
  };

  return {
    async header() {
      try {
        const frame = await next();
        if (frame?.kind !== FRAME.HEADER) throw format("The stream does not begin with a header.");
        return await read("header", frame);
      } catch (error) {
        await leave();
        throw error;
      }
    },
    async *items() {
      try {
        let first = true;
        for (let frame = await next(); frame; frame = await next()) {
          if (frame.kind === FRAME.FOOTER) {
            footer = frame;
            return;
          }
          if (first && frame.kind === FRAME.HEADER)
            throw format("The stream begins with a header: read it before the items.");
          first = false;
          yield await read("item", frame);
        }
      } finally {
        await leave();
      }
    },
    async footer() {
      const frame = footer ?? (await next());
      await leave();
      if (frame?.kind !== FRAME.FOOTER) throw format("The stream has no footer.");
      return read("footer", frame);
    },
  };
}

function format(message: string): ChainsError {
  return new ChainsError("STREAM_FORMAT", message);
}
