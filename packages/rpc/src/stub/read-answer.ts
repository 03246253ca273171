import type { Schema } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { Codec } from "../codec/codec.ts";
import { codecFor } from "../codec/codec.ts";
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
  const value = decodeAnswer(dependency, response.bytes!, answerCodec(response, codec));
  return schema ? validateValue(schema, value, `The answer of ${dependency}`, "RESPONSE_INVALID") : value;
}

// A callee that does not know binary mode answers in JSON, and says so.
function answerCodec(response: WireResponse, codec: Codec): Codec {
  return codec.name === "json" ? codec : codecFor(response.headers["content-type"]);
}

function decodeAnswer(dependency: string, bytes: Uint8Array, codec: Codec): unknown {
  try {
    return codec.decode(bytes);
  } catch (cause) {
    throw new ChainsError(
      "RESPONSE_INVALID",
      `The answer of ${dependency} cannot be read. ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}
