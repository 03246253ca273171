import { HttpError } from "@truss-chains/rpc";

/**
 * All items of a stream as one text, strings and bytes of UTF-8 alike.
 *
 * @throws HttpError 406 when the items are objects, or bytes of something else; what the stream threw.
 */
export async function gatherText(
  items: AsyncIterable<unknown>,
  validate: (item: unknown) => unknown,
): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw noText("bytes that are no UTF-8", cause);
    }
  };
  let text = "";
  for await (const item of items) {
    const piece = await validate(item);
    if (typeof piece === "string") text += decode() + piece;
    else if (piece instanceof Uint8Array) text += decode(piece);
    else throw noText("objects");
  }
  return text + decode();
}

function noText(what: string, cause?: unknown): HttpError {
  return new HttpError(406, `This stream yields ${what}, and cannot be one JSON string.`, {
    fix: 'Call it without "Accept: application/json", and read the stream.',
    cause,
  });
}
