import type { z } from "zod";
import { mapValues } from "./collection.ts";
import { isPreset, presetOf } from "./run.ts";
import { type SectionInfo, sectionInfo } from "./section.ts";
import { stackSchema, trtLlm } from "./trt-llm/stacks.ts";

/** A field's schema without its wrappers, and what the field is when the file leaves it out. */
export interface FieldInfo {
  readonly inner: z.core.$ZodType;
  /** Undefined for a required field. */
  readonly preset: { readonly value: unknown } | undefined;
}

const fieldInfos = new WeakMap<z.core.$ZodType, FieldInfo>();

export function fieldInfo(schema: z.core.$ZodType): FieldInfo {
  const known = fieldInfos.get(schema);
  if (known) return known;
  const info = unwrap(schema);
  fieldInfos.set(schema, info);
  return info;
}

function unwrap(schema: z.core.$ZodType): FieldInfo {
  const preset = presetOf(schema);
  let inner = schema;
  for (;;) {
    const { def } = (inner as z.core.$ZodTypes)._zod;
    if (def.type === "default" || def.type === "prefault" || def.type === "nullable") inner = def.innerType;
    else if (def.type === "lazy") inner = def.getter();
    else return { inner, preset };
  }
}

/** The schema of a list's items; undefined for what is no list. */
export function itemSchema(inner: z.core.$ZodType): z.core.$ZodType | undefined {
  const { def } = (inner as z.core.$ZodTypes)._zod;
  if (def.type !== "pipe") return undefined;
  const { def: out } = (def.out as z.core.$ZodTypes)._zod;
  return out.type === "array" ? out.element : undefined;
}

/** The section that describes a value; undefined for scalars, lists and free-form maps. */
export function sectionOf(inner: z.core.$ZodType, value: unknown): SectionInfo | undefined {
  return sectionInfo(inner === trtLlm ? stackSchema(value as never) : inner);
}

export type Visit = (
  section: Readonly<Record<string, unknown>>,
  info: SectionInfo,
  path: (string | number)[],
) => void;

/** Calls `visit` for every section of a parsed value, outer ones first. */
export function visitSections(
  schema: z.core.$ZodType,
  value: unknown,
  visit: Visit,
  path: (string | number)[] = [],
): void {
  if (value === null || typeof value !== "object" || isPreset(value)) return;
  const { inner } = fieldInfo(schema);
  const item = itemSchema(inner) ?? mapValues(inner);
  if (item) {
    const entries = Array.isArray(value)
      ? value.map((child, index) => [index, child] as const)
      : Object.entries(value);
    for (const [key, child] of entries) visitSections(item, child, visit, [...path, key]);
    return;
  }
  const info = sectionOf(inner, value);
  if (!info) return;
  const section = value as Readonly<Record<string, unknown>>;
  visit(section, info, path);
  for (const [key, field] of Object.entries(info.shape))
    visitSections(field, section[key], visit, [...path, key]);
}
