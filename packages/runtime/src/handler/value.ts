import type { ChainletDescriptor } from "@truss-chains/core";
import type { Codec } from "@truss-chains/rpc";
import type { Answer } from "./answer.ts";
import { validateOutput } from "./validate.ts";

/**
 * What a plain endpoint returned, as an answer. Without an `output` schema nothing is returned, whatever the method
 * gave; what stands in for a chainlet that runs elsewhere may return anything.
 *
 * @throws ChainsError `OUTPUT_INVALID_TYPE` or `VALUE_NOT_SERIALIZABLE`.
 */
export function answerValue(
  chainlet: ChainletDescriptor,
  codec: Codec,
  result: unknown,
): Answer | Promise<Answer> {
  const schema = chainlet.endpoint.kind === "unary" ? chainlet.endpoint.output : undefined;
  const nothing = chainlet.kind === "code" ? null : result;
  const value = schema ? validateOutput(chainlet.name, schema, result) : nothing;
  return value instanceof Promise
    ? value.then((settled) => answered(codec, settled))
    : answered(codec, value);
}

function answered(codec: Codec, value: unknown): Answer {
  return { status: 200, headers: { "content-type": codec.contentType }, body: codec.encode(value) };
}
