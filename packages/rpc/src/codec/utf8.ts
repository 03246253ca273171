import { isAscii, isUtf8, transcode } from "node:buffer";

// Node 20 converts between UTF-8 and strings one character at a time, which for long text that is not ASCII takes
// longer than to parse it: 100 KB cost 600 µs to read and 330 µs to write. The way through UTF-16, which it does with
// SIMD, takes 80 and 70. Even 100 KB of ASCII are written in 13 µs as Latin-1, and in 80 as UTF-8. Below these sizes the calls themselves cost more.
const LONG_BYTES = 512;
const LONG_TEXT = 2048;

// V8 keeps strings of Latin-1 in one byte a character, and answers this for them without looking.
const WIDE = /[\u0100-\uffff]/;

/** The text of UTF-8; undefined when the bytes are none. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  if (bytes.length < LONG_BYTES) return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
  if (isAscii(bytes)) return bytes.toString("latin1");
  return isUtf8(bytes) ? transcode(bytes, "utf8", "ucs2").toString("ucs2") : undefined;
}

/** UTF-8 of text without halves of surrogate pairs, or the text itself when Node writes it as fast. */
export function encodeUtf8(text: string): Uint8Array | string {
  if (text.length < LONG_TEXT) return text;
  if (WIDE.test(text)) return transcode(Buffer.from(text, "ucs2"), "ucs2", "utf8");
  const latin1 = Buffer.from(text, "latin1");
  return isAscii(latin1) ? latin1 : transcode(latin1, "latin1", "utf8");
}
