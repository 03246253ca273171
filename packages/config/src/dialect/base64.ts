const PADDING = "=";

/**
 * Decodes base64 as Python's `base64.decodebytes` does: foreign characters are skipped, and the first complete padding
 * ends it. Undefined where the data is cut off, or is not ASCII.
 */
export function readBase64(text: string): Uint8Array | undefined {
  let data = "";
  let pads = 0;
  for (const char of text) {
    if (char > "\x7f") return undefined;
    if (char === PADDING) {
      pads += 1;
      if (data.length % 4 >= 2 && (data.length % 4) + pads >= 4) return Buffer.from(data, "base64");
    } else if (/[A-Za-z0-9+/]/.test(char)) {
      data += char;
      pads = 0;
    }
  }
  return data.length % 4 === 0 ? Buffer.from(data, "base64") : undefined;
}
