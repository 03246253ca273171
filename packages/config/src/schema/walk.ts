import type { z } from "zod";
import { itemSchema, mapValues } from "./collection.ts";
import { fieldInfo, isPreset } from "./field.ts";
import { type SectionInfo, sectionInfo } from "./section.ts";
import { stackSchema, trtLlm } from "./trt-llm/stacks.ts";

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
