import type { EndpointSchemas } from "@truss-chains/core";
import { z } from "zod";

/** Under `model_metadata`: what a later command wants to know of this push. */
const METADATA = "truss_chains";

const schema = z.record(z.string(), z.unknown());
const endpoint = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("unary"), input: schema.nullable(), output: schema.nullable() }),
  z.object({ kind: z.literal("stream"), input: schema.nullable(), item: schema }),
  z.object({ kind: z.literal("websocket"), receive: schema, send: schema }),
]);
const config = z.object({
  model_metadata: z.object({ [METADATA]: z.object({ endpoint }) }),
});
const transport = z.object({
  runtime: z.object({ transport: z.object({ kind: z.string() }) }),
});

export type EndpointKind = EndpointSchemas["kind"];

/** The `model_metadata` of a config, with the endpoint that it serves. */
export function withEndpoint(metadata: unknown, schemas: EndpointSchemas): Record<string, unknown> {
  return { ...(metadata as object), [METADATA]: { endpoint: schemas } };
}

/** The schemas that a deployed config tells; undefined for one that another tool has pushed. */
export function endpointOf(deployed: Readonly<Record<string, unknown>>): EndpointSchemas | undefined {
  const parsed = config.safeParse(deployed);
  return parsed.success ? parsed.data.model_metadata[METADATA].endpoint : undefined;
}

/**
 * How a deployed entrypoint is called. What another tool has pushed tells WebSockets alone: a plain endpoint and a
 * stream have the same address.
 */
export function endpointKindOf(deployed: Readonly<Record<string, unknown>>): EndpointKind {
  const told = endpointOf(deployed);
  if (told) return told.kind;
  const parsed = transport.safeParse(deployed);
  return parsed.success && parsed.data.runtime.transport.kind === "websocket" ? "websocket" : "unary";
}
