import { createHash } from "node:crypto";
import type { Schema } from "../types/schema.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

type Converter = (options: { target: string; libraryOptions?: Record<string, unknown> }) => JsonSchema;

/**
 * The JSON Schema (draft 2020-12) of a Standard Schema, `{}` when its library cannot tell. Parts that JSON Schema
 * cannot express allow anything.
 */
export function toJsonSchema(schema: Schema, direction: "input" | "output"): JsonSchema {
  const standard = schema["~standard"] as { jsonSchema?: Record<typeof direction, Converter> };
  const convert = standard.jsonSchema?.[direction];
  if (!convert) return {};
  try {
    const { $schema: _, ...rest } = convert({
      target: "draft-2020-12",
      libraryOptions: { unrepresentable: "any" },
    });
    return rest;
  } catch {
    // A library may refuse single features; the contract is then unknown, and the schema itself still validates.
    return {};
  }
}

/** A short hash of JSON Schemas, equal for equal schemas whatever the order of their keys. */
export function contractHash(schemas: Readonly<Record<string, unknown>>): string {
  return createHash("sha256").update(canonicalJson(schemas)).digest("hex").slice(0, 16);
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(",")}}`;
}
