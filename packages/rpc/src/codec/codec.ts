import { decodeJson, encodeJson } from "./json.ts";
import { decodeMsgpack } from "./msgpack-decode.ts";
import { encodeMsgpack } from "./msgpack-encode.ts";
import { encodeUtf8 } from "./utf8.ts";

/** One way to put values on the wire. */
export interface Codec {
  readonly name: "json" | "msgpack";
  readonly contentType: string;
  /** @throws ChainsError `VALUE_NOT_SERIALIZABLE` naming the path of what cannot be sent. */
  encode(value: unknown): Uint8Array | string;
  /** @throws ChainsError `BODY_INVALID` saying why the bytes cannot be read. */
  decode(bytes: Uint8Array): unknown;
}

export const jsonCodec: Codec = {
  name: "json",
  contentType: "application/json",
  encode: (value) => encodeUtf8(encodeJson(value)),
  decode: decodeJson,
};

/** Binary mode: `useBinary` of a dependency. */
export const msgpackCodec: Codec = {
  name: "msgpack",
  contentType: "application/octet-stream",
  encode: encodeMsgpack,
  decode: decodeMsgpack,
};

/** How a body of this content type is read: msgpack for `application/octet-stream`, JSON for all else, as in Python. */
export function codecFor(contentType: string | undefined): Codec {
  if (contentType === undefined || contentType === "application/json") return jsonCodec;
  const mediaType = contentType.split(";", 1)[0]!.trim().toLowerCase();
  return mediaType === msgpackCodec.contentType ? msgpackCodec : jsonCodec;
}
