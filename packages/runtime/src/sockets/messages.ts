import type { EndpointDescriptor, EndpointSchemas, JsonSchema, Schema } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { decodeJson, encodeJson } from "@truss-chains/rpc";
import { validateInput, validateOutput } from "../handler/validate.ts";
import type { Frame } from "./frame-port.ts";

/** One direction of a typed socket. */
export interface MessageType {
  readonly schema: Schema;
  readonly jsonSchema: JsonSchema;
}

/** Both directions of a typed socket, as the chainlet sees them. */
export interface MessageTypes {
  readonly incoming: MessageType;
  readonly outgoing: MessageType;
}

/** The message types of a WebSocket endpoint; undefined for another one. */
export function messageTypes(
  endpoint: EndpointDescriptor,
  schemas: EndpointSchemas,
): MessageTypes | undefined {
  if (endpoint.kind !== "websocket" || schemas.kind !== "websocket") return undefined;
  return {
    incoming: { schema: endpoint.receive, jsonSchema: schemas.receive },
    outgoing: { schema: endpoint.send, jsonSchema: schemas.send },
  };
}

/**
 * Whether the messages are texts, which travel as they are. All others travel as JSON, and bytes as binary frames:
 * a socket has no envelope that could say what a frame holds.
 */
function isText({ jsonSchema }: MessageType): boolean {
  return jsonSchema.type === "string";
}

/** @throws ChainsError `INPUT_INVALID` or `BODY_INVALID` when the frame is no such message. */
export async function readMessage(chainlet: string, type: MessageType, frame: Frame): Promise<unknown> {
  const value = typeof frame === "string" && !isText(type) ? decodeJson(Buffer.from(frame)) : frame;
  return validateInput(chainlet, type.schema, value);
}

/** @throws ChainsError `OUTPUT_INVALID_TYPE` or `VALUE_NOT_SERIALIZABLE` when the value is no such message. */
export async function writeMessage(chainlet: string, type: MessageType, value: unknown): Promise<Frame> {
  const message = await validateOutput(chainlet, type.schema, value);
  if (message instanceof Uint8Array) return message;
  if (!isText(type)) return encodeJson(message);
  if (typeof message === "string") return message;
  throw new ChainsError(
    "VALUE_NOT_SERIALIZABLE",
    `${chainlet} sent a ${typeof message} where its schema says text.`,
  );
}
