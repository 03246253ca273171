import { z } from "zod";

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * How an editor sees the schemas that zod cannot describe, because they convert. Read when config.schema.json is
 * generated.
 */
export const jsonSchemas = z.registry<JsonSchema>();
