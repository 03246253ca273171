import type { JsonSchema } from "@truss-chains/core";

/** Where a value does not fit a JSON Schema, and how. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Where a value that came from a callee does not have the shape that its caller was built for: a field that is missing,
 * or of another type. Deliberately less than a validator of JSON Schema: fields that were added are no fault, nor are
 * bounds and formats, and what came in binary mode as an instance of a class is not described by JSON Schema at all.
 */
export function misfits(schema: JsonSchema, value: unknown, path: Misfit["path"] = []): readonly Misfit[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return misfitsOfAll(choices, value, path);
  const type = typeOf(value);
  if (type === undefined || typeof schema.type !== "string") return [];
  if (schema.type !== type && !(schema.type === "integer" && Number.isInteger(value)))
    return [{ path, message: `must be ${article(schema.type)}, got ${article(type)}.` }];
  if (type === "object") return misfitsOfFields(schema, value as Readonly<Record<string, unknown>>, path);
  const { items } = schema;
  if (type !== "array" || !isSchema(items)) return [];
  return (value as readonly unknown[]).flatMap((item, index) => misfits(items, item, [...path, index]));
}

/** None when one of the choices fits. Else those of the only choice there is, or that none fits. */
function misfitsOfAll(choices: readonly unknown[], value: unknown, path: Misfit["path"]): readonly Misfit[] {
  const found = choices.map((choice) => (isSchema(choice) ? misfits(choice, value, path) : []));
  if (found.some(({ length }) => length === 0)) return [];
  return found.length === 1 ? found[0]! : [{ path, message: "fits none of the choices." }];
}

function misfitsOfFields(
  { properties, required }: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  path: Misfit["path"],
): readonly Misfit[] {
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(isSchema(properties) ? properties : {}).flatMap(
    ([name, schema]): readonly Misfit[] => {
      const at = [...path, name];
      if (Object.hasOwn(value, name)) return isSchema(schema) ? misfits(schema, value[name], at) : [];
      return needed.includes(name) ? [{ path: at, message: "is missing." }] : [];
    },
  );
}

/** The JSON type of a value; undefined when it has none. */
function typeOf(value: unknown): string | undefined {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value !== "object") return JSON_TYPES.has(typeof value) ? typeof value : undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? "object" : undefined;
}

const JSON_TYPES: ReadonlySet<string> = new Set(["string", "number", "boolean"]);

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function article(type: string): string {
  return type === "null" ? type : `${/^[aio]/.test(type) ? "an" : "a"} ${type}`;
}
