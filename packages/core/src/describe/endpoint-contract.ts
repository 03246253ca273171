import type { EndpointDescriptor } from "./descriptor.ts";
import { contractHash, type JsonSchema, toJsonSchema } from "./json-schema.ts";

/** The schemas of an endpoint as JSON Schema; null where it has none. */
export type EndpointSchemas =
  | { readonly kind: "unary"; readonly input: JsonSchema | null; readonly output: JsonSchema | null }
  | { readonly kind: "stream"; readonly input: JsonSchema | null; readonly item: JsonSchema }
  | { readonly kind: "websocket"; readonly receive: JsonSchema; readonly send: JsonSchema };

export interface EndpointContract {
  readonly schemas: EndpointSchemas;
  /** 16 hex digits; the same for the same schemas. */
  readonly hash: string;
}

/** What callers send (the input side of `input`) and get (the output side of `output`), as data and as a hash. */
export function endpointContract(endpoint: EndpointDescriptor): EndpointContract {
  return contractOf(endpointSchemas(endpoint));
}

/** Schemas with their hash. */
export function contractOf(schemas: EndpointSchemas): EndpointContract {
  const { kind, ...parts } = schemas;
  return { schemas, hash: contractHash({ [kind]: parts }) };
}

function endpointSchemas(endpoint: EndpointDescriptor): EndpointSchemas {
  if (endpoint.kind === "websocket") {
    return {
      kind: "websocket",
      receive: toJsonSchema(endpoint.receive, "input"),
      send: toJsonSchema(endpoint.send, "output"),
    };
  }
  const input = endpoint.input ? toJsonSchema(endpoint.input, "input") : null;
  if (endpoint.kind === "stream")
    return { kind: "stream", input, item: toJsonSchema(endpoint.item, "output") };
  return { kind: "unary", input, output: endpoint.output ? toJsonSchema(endpoint.output, "output") : null };
}
