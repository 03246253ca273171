import { ChainsError } from "@truss-chains/errors";
import { FRAME, type Frame, type FrameKind, TAG_BYTES } from "./frame.ts";

/** Cuts a byte stream into frames, wherever the network has split it. */
export class FrameParser {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  // Pieces are joined once a whole frame is there, not one by one: a large frame comes in thousands of pieces.
  #neededBytes = TAG_BYTES;

  /**
   * The frames that this piece completes. Payloads are views of it where possible.
   *
   * @throws ChainsError `STREAM_FORMAT` when the bytes are no frames.
   */
  push(piece: Uint8Array): Frame[] {
    this.#waiting.push(piece);
    this.#waitingBytes += piece.byteLength;
    if (this.#waitingBytes < this.#neededBytes) return [];
    const bytes = this.#waiting.length === 1 ? piece : Buffer.concat(this.#waiting, this.#waitingBytes);
    const frames: Frame[] = [];
    let at = 0;
    this.#neededBytes = TAG_BYTES;
    while (bytes.byteLength - at >= TAG_BYTES) {
      const kind = readKind(bytes[at]!);
      const end = at + TAG_BYTES + readLength(bytes, at + 1);
      if (end > bytes.byteLength) {
        this.#neededBytes = end - at;
        break;
      }
      frames.push({ kind, payload: bytes.subarray(at + TAG_BYTES, end) });
      at = end;
    }
    const rest = bytes.subarray(at);
    this.#waiting = rest.byteLength === 0 ? [] : [rest];
    this.#waitingBytes = rest.byteLength;
    return frames;
  }

  /** @throws ChainsError `STREAM_FORMAT` when the stream ended inside a frame. */
  end(): void {
    if (this.#waitingBytes === 0) return;
    throw new ChainsError(
      "STREAM_FORMAT",
      `The stream ended inside a frame: ${this.#waitingBytes} bytes came of ${this.#neededBytes}.`,
    );
  }
}

function readKind(byte: number): FrameKind {
  if (byte === FRAME.ITEM || byte === FRAME.HEADER || byte === FRAME.FOOTER) return byte;
  throw new ChainsError("STREAM_FORMAT", `The stream is not framed: a frame begins with byte ${byte}.`, {
    fix: "Read it as raw bytes or text, or let the callee write it with a stream writer.",
  });
}

function readLength(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) >>> 0) + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
}
