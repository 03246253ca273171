import { type FrameKind, TAG_BYTES, writeTag } from "./frame.ts";

const MIN_BYTES = 512;
const MAX_START_BYTES = 64 * 1024;

/** Collects the bytes of many items into one piece. */
export class ByteBatch {
  #bytes = Buffer.allocUnsafeSlow(MIN_BYTES);
  #at = 0;

  get bytes(): number {
    return this.#at;
  }

  frame(kind: FrameKind, payload: Uint8Array | string): void {
    const start = this.#at;
    this.#room(TAG_BYTES);
    this.#at += TAG_BYTES;
    this.raw(payload);
    writeTag(this.#bytes, start, kind, this.#at - start - TAG_BYTES);
  }

  raw(payload: Uint8Array | string): void {
    if (typeof payload === "string") {
      // No character of UTF-16 takes more than three bytes in UTF-8; only long text is worth measuring first.
      this.#room(payload.length < 4096 ? payload.length * 3 : Buffer.byteLength(payload));
      this.#at += this.#bytes.write(payload, this.#at, "utf8");
    } else {
      this.#room(payload.byteLength);
      this.#bytes.set(payload, this.#at);
      this.#at += payload.byteLength;
    }
  }

  /** The bytes so far; the batch is empty afterwards. */
  take(): Uint8Array {
    const piece = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(Math.max(this.#at * 2, MIN_BYTES), MAX_START_BYTES));
    this.#at = 0;
    return piece;
  }

  #room(needed: number): void {
    if (this.#at + needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + needed));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
