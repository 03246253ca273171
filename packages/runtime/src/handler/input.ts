import type { ChainletDescriptor } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import type { Codec, WireRequest } from "@truss-chains/rpc";
import { validateInput } from "./validate.ts";

/**
 * The input of a call, decoded and validated; a promise when its schema is asynchronous. An endpoint without an input
 * takes any body, or none.
 *
 * @throws ChainsError `BODY_INVALID` or `INPUT_INVALID`.
 */
export function readInput(chainlet: ChainletDescriptor, codec: Codec, request: WireRequest): unknown {
  const { endpoint, kind, name } = chainlet;
  const schema = endpoint.kind === "websocket" ? undefined : endpoint.input;
  if (!schema && (kind === "code" || request.body.length === 0)) return undefined;
  const value = decodeBody(codec, request);
  return schema ? validateInput(name, schema, value) : value;
}

function decodeBody(codec: Codec, { headers, body }: WireRequest): unknown {
  try {
    return codec.decode(typeof body === "string" ? Buffer.from(body) : body);
  } catch (cause) {
    const encoding = headers["content-encoding"];
    if (!encoding || encoding === "identity") throw cause;
    throw new ChainsError("BODY_INVALID", `The body is compressed (${encoding}).`, {
      fix: "Chainlets do not unpack bodies: send it as it is, without Content-Encoding.",
      cause,
    });
  }
}
