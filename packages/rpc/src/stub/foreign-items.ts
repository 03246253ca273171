import { type DependencyDescriptor, type Schema, toJsonSchema } from "@truss-chains/core";
import { decodeReceived } from "../codec/decode-received.ts";
import { decodeJson } from "../codec/json.ts";
import { validateValue } from "../codec/validate.ts";
import { FRAME } from "../stream/frame.ts";
import { readFrames } from "../stream/read-frames.ts";
import { decodeText } from "../stream/text.ts";

/**
 * The items of a stream that a chainlet of another make sent. What they are, the schema of the dependency says: strings
 * and bytes come as the network cuts them, objects in the frames of `truss_chains.streaming`.
 *
 * @throws ChainsError `STREAM_FORMAT` when it is not framed; `RESPONSE_INVALID` when an item cannot be read, or does not
 * fit the schema.
 */
export async function* foreignItems(
  dependency: DependencyDescriptor,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<unknown[], void, undefined> {
  const { item } = dependency.schemas;
  const what = `An item of ${dependency.name}`;
  for await (const value of foreignValues(dependency, pieces)) {
    yield [item ? await validateValue(item, value, what, "RESPONSE_INVALID") : value];
  }
}

function foreignValues(
  dependency: DependencyDescriptor,
  pieces: AsyncIterable<Uint8Array>,
): AsyncIterable<unknown> {
  const { item } = dependency.schemas;
  if (dependency.kind === "engine_builder" || !item) return decodeText(pieces);
  const type = itemType(item);
  if (type === "text") return decodeText(pieces);
  return type === "bytes" ? pieces : framedValues(dependency.name, pieces);
}

function itemType(item: Schema): "text" | "bytes" | "objects" {
  const { type } = toJsonSchema(item, "input");
  if (type === "string") return "text";
  // JSON Schema has no bytes: such a schema says nothing, and takes them.
  const result = type === undefined ? item["~standard"].validate(new Uint8Array(0)) : undefined;
  return result && !(result instanceof Promise) && !result.issues ? "bytes" : "objects";
}

async function* framedValues(
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<unknown, void, undefined> {
  for await (const { kind, payload } of readFrames(pieces)) {
    if (kind === FRAME.ITEM)
      yield decodeReceived(decodeJson, payload, `An item of ${name}`, "RESPONSE_INVALID");
  }
}
