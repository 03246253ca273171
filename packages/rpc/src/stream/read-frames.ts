import type { Frame } from "./frame.ts";
import { FrameParser } from "./frame-parser.ts";

/** The frames of a byte stream. @throws ChainsError `STREAM_FORMAT` when it is not framed, or ends inside a frame. */
export async function* readFrames(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void, undefined> {
  const parser = new FrameParser();
  for await (const piece of pieces) yield* parser.push(piece);
  parser.end();
}
