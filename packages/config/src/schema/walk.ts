import type { z } from "zod";
import { mapValues } from "./collection.ts";
import { isPreset, type UnwrappedField, unwrapField } from "./run.ts";
import { type SectionInfo, sectionInfo } from "./section.ts";
import { stackSchema, trtLlm } from "./trt-llm/stacks.ts";

const unwrapped = new WeakMap<z.core.$ZodType, UnwrappedField>();

/** A field's schema without its wrappers, and what the field is when the file leaves it out. */
export function fieldInfo(schema: z.core.$ZodType): UnwrappedField {
  const known = unwrapped.get(schema);
  if (known) return known;
  const info = unwrapField(schema);
  unwrapped.set(schema, info);
  return info;
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
  value: object,
  visit: Visit,
  path: (string | number)[] = [],
): void {
  const { schema: inner } = fieldInfo(schema);
  const item = itemSchema(inner) ?? mapValues(inner);
  if (item) {
    const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
    for (const [key, child] of entries) if (isOwn(child)) visitSections(item, child, visit, [...path, key]);
    return;
  }
  const info = sectionOf(inner, value);
  if (!info) return;
  const section = value as Readonly<Record<string, unknown>>;
  visit(section, info, path);
  for (const key of Object.keys(info.shape)) {
    const child = section[key];
    if (isOwn(child)) visitSections(info.shape[key] as z.ZodType, child, visit, [...path, key]);
  }
}

/** True for what a file brought along and may hold sections; defaults hold nothing to look at. */
function isOwn(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isPreset(value);
}
