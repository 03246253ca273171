import { encodeUtf8 } from "./utf8.ts";

const START_BYTES = 16 * 1024;
const KEEP_BYTES = 256 * 1024;

// One buffer serves message after message: encoding is synchronous. A getter that encodes something itself while
// it is being read finds it taken, and gets one of its own.
let spare: Buffer | undefined;

/** Writes msgpack's elements one after the other. */
export class MsgpackWriter {
  #bytes: Buffer;
  #at = 0;

  constructor() {
    this.#bytes = spare ?? Buffer.allocUnsafeSlow(START_BYTES);
    spare = undefined;
  }

  /** The message. Nothing may be written afterwards. */
  finish(): Uint8Array {
    const used = this.#bytes.subarray(0, this.#at);
    if (this.#bytes.length > KEEP_BYTES) return used;
    spare = this.#bytes;
    return Uint8Array.prototype.slice.call(used);
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  float(value: number): void {
    this.#room(9);
    this.#bytes[this.#at] = 0xcb;
    this.#bytes.writeDoubleBE(value, this.#at + 1);
    this.#at += 9;
  }

  integer(value: number): void {
    this.#room(9);
    const bytes = this.#bytes;
    if (value >= 0) {
      if (value < 0x80) bytes[this.#at++] = value;
      else if (value < 0x100) this.#tagged(0xcc, value, 1);
      else if (value < 0x1_0000) this.#tagged(0xcd, value, 2);
      else if (value < 0x1_0000_0000) this.#tagged(0xce, value, 4);
      else this.bigint(BigInt(value));
    } else if (value >= -0x20) bytes[this.#at++] = value & 0xff;
    else if (value >= -0x80) this.#tagged(0xd0, value & 0xff, 1);
    else if (value >= -0x8000) this.#tagged(0xd1, value & 0xffff, 2);
    else if (value >= -0x8000_0000) this.#tagged(0xd2, value >>> 0, 4);
    else this.bigint(BigInt(value));
  }

  /** An integer of 64 bits; the caller has made sure that it fits. */
  bigint(value: bigint): void {
    this.#room(9);
    if (value >= 0n) {
      this.#bytes[this.#at] = 0xcf;
      this.#bytes.writeBigUInt64BE(value, this.#at + 1);
    } else {
      this.#bytes[this.#at] = 0xd3;
      this.#bytes.writeBigInt64BE(value, this.#at + 1);
    }
    this.#at += 9;
  }

  string(text: string): void {
    // Short ASCII text, which most keys are, is not worth a call into the runtime.
    if (text.length < 32 && this.#shortAscii(text)) return;
    const encoded = encodeUtf8(text);
    if (typeof encoded !== "string") {
      this.#header(encoded.byteLength, 0xd9, 0xda, 0xdb);
      this.#append(encoded);
      return;
    }
    const length = Buffer.byteLength(text);
    if (length < 0x20) this.byte(0xa0 | length);
    else this.#header(length, 0xd9, 0xda, 0xdb);
    this.#room(length);
    this.#bytes.write(text, this.#at, length, "utf8");
    this.#at += length;
  }

  binary(value: Uint8Array): void {
    this.#header(value.byteLength, 0xc4, 0xc5, 0xc6);
    this.#append(value);
  }

  arrayHeader(length: number): void {
    if (length < 0x10) this.byte(0x90 | length);
    else this.#header(length, undefined, 0xdc, 0xdd);
  }

  mapHeader(length: number): void {
    if (length < 0x10) this.byte(0x80 | length);
    else this.#header(length, undefined, 0xde, 0xdf);
  }

  #append(bytes: Uint8Array): void {
    this.#room(bytes.byteLength);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.byteLength;
  }

  #header(length: number, tag8: number | undefined, tag16: number, tag32: number): void {
    this.#room(5);
    if (tag8 !== undefined && length < 0x100) this.#tagged(tag8, length, 1);
    else if (length < 0x1_0000) this.#tagged(tag16, length, 2);
    else this.#tagged(tag32, length, 4);
  }

  #tagged(tag: number, value: number, width: 1 | 2 | 4): void {
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = tag;
    if (width === 4) {
      bytes[at++] = value >>> 24;
      bytes[at++] = value >>> 16;
    }
    if (width >= 2) bytes[at++] = value >>> 8;
    bytes[at++] = value;
    this.#at = at;
  }

  #shortAscii(text: string): boolean {
    this.#room(32);
    const bytes = this.#bytes;
    const at = this.#at;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return false;
      bytes[at + 1 + index] = code;
    }
    bytes[at] = 0xa0 | text.length;
    this.#at = at + 1 + text.length;
    return true;
  }

  #room(needed: number): void {
    if (this.#at + needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + needed + 1024));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
