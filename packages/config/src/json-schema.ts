import type { z } from "zod";
import { itemSchema, mapValues } from "./schema/collection.ts";
import { type JsonSchema, jsonSchemas } from "./schema/json-schemas.ts";
import { type SectionInfo, sectionInfo } from "./schema/section.ts";
import { trussConfig } from "./schema/truss-config.ts";

type Json = Record<string, unknown>;

/**
 * The JSON Schema (draft 2020-12) of a config.yaml, for editors. It is made for those who write a config: unlike the
 * loader it refuses unknown keys, as a push would, and it knows no conversions. Rules that span fields are not in it.
 */
export function configJsonSchema(): Record<string, unknown> {
  const builder = new SchemaBuilder();
  const root = builder.section(sectionInfo(trussConfig) as SectionInfo);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Truss config.yaml",
    ...root,
    $defs: builder.definitions,
  };
}

class SchemaBuilder {
  readonly definitions: Json = {};
  private readonly names = new Map<SectionInfo, string>();

  section({ shape }: SectionInfo): Json {
    const required = Object.entries(shape).filter(([, field]) => !hasPreset(field));
    return {
      type: "object",
      properties: Object.fromEntries(
        Object.entries(shape).map(([key, field]) => [key, this.field(field, key)]),
      ),
      ...(required.length > 0 && { required: required.map(([key]) => key) }),
      additionalProperties: false,
    };
  }

  private field(schema: z.ZodType, name: string): Json {
    const { description, examples, deprecated } = schema.meta() ?? {};
    return {
      ...this.value(schema, name),
      ...(description !== undefined && { description }),
      ...(examples !== undefined && { examples }),
      ...(deprecated !== undefined && { deprecated }),
    };
  }

  private value(schema: z.core.$ZodType, name: string): Json {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type === "default") return { ...this.value(def.innerType, name), default: def.defaultValue };
    if (def.type === "prefault") return this.value(def.innerType, name);
    if (def.type === "nullable") return orNull(this.value(def.innerType, name));
    if (def.type === "lazy") return this.value(def.getter(), name);
    const item = itemSchema(schema);
    if (item) return { type: "array", items: this.value(item, singular(name)) };
    const info = sectionInfo(schema);
    if (info) return this.reference(info, name);
    const values = mapValues(schema);
    if (values) return { type: "object", additionalProperties: this.value(values, singular(name)) };
    return this.custom(jsonSchemas.get(schema as z.ZodType) ?? {}, name);
  }

  /** Alternatives are registered as zod schemas; all else is JSON Schema already. */
  private custom(json: JsonSchema, name: string): Json {
    const { oneOf, anyOf, ...rest } = json as unknown as Json & { oneOf?: z.ZodType[]; anyOf?: z.ZodType[] };
    const alternatives = (key: string, schemas: z.ZodType[] | undefined) =>
      schemas && { [key]: schemas.map((schema, index) => this.value(schema, `${name}_${index + 1}`)) };
    return { ...rest, ...alternatives("oneOf", oneOf), ...alternatives("anyOf", anyOf) };
  }

  /** Sections are defined once, under the name of the first field that holds one. */
  private reference(info: SectionInfo, field: string): Json {
    let name = this.names.get(info);
    if (name === undefined) {
      name = field;
      for (let count = 2; Object.hasOwn(this.definitions, name); count++) name = `${field}_${count}`;
      this.names.set(info, name);
      // The name is taken before the section is built, because build settings hold a speculator which holds some.
      this.definitions[name] = {};
      this.definitions[name] = this.section(info);
    }
    return { $ref: `#/$defs/${name}` };
  }
}

function hasPreset(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === "default" || def.type === "prefault";
}

function orNull(json: Json): Json {
  return typeof json.type === "string" && Object.keys(json).every((key) => key !== "enum")
    ? { ...json, type: [json.type, "null"] }
    : { anyOf: [json, { type: "null" }] };
}

function singular(name: string): string {
  return name.replace(/s$/, "");
}
