import type { Schema } from "@truss-chains/core";
import type { Codec } from "../codec/codec.ts";
import { codecFor } from "../codec/codec.ts";
import { decodeReceived } from "../codec/decode-received.ts";
import { validateValue } from "../codec/validate.ts";
import type { WireResponse } from "../transport.ts";

/**
 * The value that a plain call was answered with.
 *
 * @param response complete, with its `bytes`.
 * @throws ChainsError `RESPONSE_INVALID` when it cannot be read, or does not fit the schema.
 */
export function readAnswer(
  dependency: string,
  response: WireResponse,
  codec: Codec,
  schema: Schema | undefined,
): unknown | Promise<unknown> {
  const what = `The answer of ${dependency}`;
  const { decode } = answerCodec(response, codec);
  const value = decodeReceived(decode, response.bytes!, what, "RESPONSE_INVALID");
  return schema ? validateValue(schema, value, what, "RESPONSE_INVALID") : value;
}

// A callee that does not know binary mode answers in JSON, and says so.
function answerCodec(response: WireResponse, codec: Codec): Codec {
  return codec.name === "json" ? codec : codecFor(response.headers["content-type"]);
}
