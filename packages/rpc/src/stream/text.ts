/** Text of a byte stream. Characters that the network has split are put together again. */
export async function* decodeText(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

/**
 * Keeps the characters of a stream of strings whole: half of a surrogate pair waits for the other half. Python decodes
 * each piece of a stream for itself, and fails on half a character.
 */
export class WholeCharacters {
  #half = "";

  /** The text that can be sent now; may be empty. */
  push(text: string): string {
    const whole = this.#half + text;
    const last = whole.charCodeAt(whole.length - 1);
    const isHalf = last >= 0xd800 && last < 0xdc00;
    this.#half = isHalf ? whole.slice(-1) : "";
    return isHalf ? whole.slice(0, -1) : whole;
  }

  /** What is left at the end. */
  end(): string {
    return this.#half;
  }
}
