import type { ChainletDescriptor } from "@truss-chains/core";
import type { Codec, WireRequest } from "@truss-chains/rpc";
import { validateInput } from "./validate.ts";

/**
 * The input of a call, decoded and validated; a promise when its schema is asynchronous. An endpoint without an input
 * takes any body, or none.
 *
 * @throws ChainsError `BODY_INVALID` or `INPUT_INVALID`.
 */
export function readInput(chainlet: ChainletDescriptor, codec: Codec, body: WireRequest["body"]): unknown {
  const { endpoint, kind, name } = chainlet;
  const schema = endpoint.kind === "websocket" ? undefined : endpoint.input;
  if (!schema && (kind === "code" || body.length === 0)) return undefined;
  const value = codec.decode(typeof body === "string" ? Buffer.from(body) : body);
  return schema ? validateInput(name, schema, value) : value;
}
