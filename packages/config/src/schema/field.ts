import type { z } from "zod";
import { deepFreeze } from "../record.ts";
import { type Reader, readerOf } from "./reader.ts";

const shared = new WeakSet<object>();

/** True for the value of a field that was left out: it holds nothing of the file. */
export function isPreset(value: object): boolean {
  return shared.has(value);
}

/** A field's schema without its wrappers. */
export interface UnwrappedField {
  readonly schema: z.ZodType;
  readonly read: Reader<unknown>;
  readonly nullable: boolean;
  /** What the field is when it is left out; frozen, as all configs share it. Undefined for a required field. */
  readonly preset: { readonly value: unknown } | undefined;
}

const unwrapped = new WeakMap<z.core.$ZodType, UnwrappedField>();

/** A field's schema without its wrappers, and what the field is when the file leaves it out. */
export function fieldInfo(schema: z.core.$ZodType): UnwrappedField {
  const known = unwrapped.get(schema);
  if (known) return known;
  const info = unwrapField(schema);
  unwrapped.set(schema, info);
  return info;
}

function unwrapField(field: z.core.$ZodType): UnwrappedField {
  let schema = field;
  let nullable = false;
  for (;;) {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type === "nullable") nullable = true;
    if (def.type === "default" || def.type === "prefault" || def.type === "nullable") schema = def.innerType;
    else if (def.type === "lazy") schema = def.getter();
    else break;
  }
  const inner = schema as z.ZodType;
  return { schema: inner, read: readerOf(inner), nullable, preset: presetOf(field) };
}

function presetOf(schema: z.core.$ZodType): UnwrappedField["preset"] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "default") return share(def.defaultValue);
  return def.type === "prefault" ? share((def.innerType as z.ZodType).parse({})) : undefined;
}

function share(value: unknown): { readonly value: unknown } {
  if (typeof value === "object" && value !== null) shared.add(value);
  return { value: deepFreeze(value) };
}
