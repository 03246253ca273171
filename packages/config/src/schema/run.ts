import { z } from "zod";
import { deepFreeze } from "../record.ts";

/** Where issues go: the context of the transform that runs another schema. */
type Sink = Pick<z.core.$RefinementCtx, "issues">;

const SYNC = { async: false };

/** Runs a schema inside another one; its issues go to `sink`, below `path`. `z.NEVER` where it failed. */
export function runSchema<T>(
  schema: z.ZodType<T, unknown>,
  value: unknown,
  sink: Sink,
  path: readonly (string | number)[] = [],
): T {
  const result = schema._zod.run({ value, issues: [] }, SYNC) as z.core.ParsePayload<T>;
  if (result.issues.length === 0) return result.value;
  for (const issue of result.issues) sink.issues.push({ ...issue, path: [...path, ...(issue.path ?? [])] });
  return z.NEVER;
}

const shared = new WeakSet<object>();

/** True for the value of a field that was left out: it holds nothing of the file. */
export function isPreset(value: object): boolean {
  return shared.has(value);
}

/** A field's schema without its wrappers. */
export interface UnwrappedField {
  readonly schema: z.ZodType;
  readonly nullable: boolean;
  /** What the field is when it is left out; frozen, as all configs share it. Undefined for a required field. */
  readonly preset: { readonly value: unknown } | undefined;
}

export function unwrapField(field: z.core.$ZodType): UnwrappedField {
  let schema = field;
  let nullable = false;
  for (;;) {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type === "nullable") nullable = true;
    if (def.type === "default" || def.type === "prefault" || def.type === "nullable") schema = def.innerType;
    else if (def.type === "lazy") schema = def.getter();
    else return { schema: schema as z.ZodType, nullable, preset: presetOf(field) };
  }
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
