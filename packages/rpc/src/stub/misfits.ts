import type { JsonSchema } from "@truss-chains/core";

/** Where a value does not fit a JSON Schema, and how. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * Where a value that came from a callee does not have the shape that its caller was built for: a field that is missing,
 * of another type, or with a value that was none of those it could have. Deliberately less than a validator of JSON
 * Schema: fields that were added are no fault, nor are bounds and formats, and what came in binary mode as an instance of
 * a class is not described by JSON Schema at all.
 */
export function misfits(schema: JsonSchema, value: unknown): readonly Misfit[] {
  return new Shape(schema).misfits(schema, value, []);
}

type Path = Misfit["path"];
type Fields = Readonly<Record<string, unknown>>;

/** The shape that a whole schema describes; parts of it may refer to others. */
class Shape {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  misfits(part: unknown, value: unknown, path: Path): readonly Misfit[] {
    const schema = this.#resolve(part);
    if (!schema) return [];
    const choices = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(choices)) return this.#ofChoices(choices, value, path);
    const type = typeOf(value);
    if (type === undefined) return [];
    if (typeof schema.type === "string" && !isOfType(schema.type, type, value))
      return [{ path, message: `must be ${article(schema.type)}, got ${article(type)}.` }];
    const allowed = allowedValues(schema);
    if (allowed && !allowed.includes(value)) return [{ path, message: `must be ${oneOf(allowed)}.` }];
    if (type === "object") return this.#ofFields(schema, value as Fields, path);
    return type === "array" ? this.#ofItems(schema, value as readonly unknown[], path) : [];
  }

  /** None when one of the choices fits. Else those of the only choice there is, or that none fits. */
  #ofChoices(choices: readonly unknown[], value: unknown, path: Path): readonly Misfit[] {
    const found = choices.map((choice) => this.misfits(choice, value, path));
    if (found.some(({ length }) => length === 0)) return [];
    return found.length === 1 ? found[0]! : [{ path, message: "fits none of the choices." }];
  }

  #ofFields({ properties, required, additionalProperties }: JsonSchema, value: Fields, path: Path) {
    const known = isSchema(properties) ? properties : {};
    const needed: readonly unknown[] = Array.isArray(required) ? required : [];
    const missing = needed
      .filter((name) => !Object.hasOwn(value, String(name)))
      .map((name): Misfit => ({ path: [...path, String(name)], message: "is missing." }));
    const wrong = Object.entries(value).flatMap(([name, member]) =>
      this.misfits(Object.hasOwn(known, name) ? known[name] : additionalProperties, member, [...path, name]),
    );
    return [...wrong, ...missing];
  }

  #ofItems({ prefixItems, minItems, items }: JsonSchema, value: readonly unknown[], path: Path) {
    const first: readonly unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
    // The last ones of a tuple may be optional.
    const needed = first.slice(0, typeof minItems === "number" ? minItems : 0);
    const missing = needed.slice(value.length).map((_, index): Misfit => {
      return { path: [...path, value.length + index], message: "is missing." };
    });
    const wrong = value.flatMap((item, index) => this.misfits(first[index] ?? items, item, [...path, index]));
    return [...wrong, ...missing];
  }

  /** What a reference points to: `#` or `#/$defs/Name`, which is all that schemas are written with. */
  #resolve(part: unknown): JsonSchema | undefined {
    if (!isSchema(part)) return undefined;
    const { $ref } = part;
    if (typeof $ref !== "string") return part;
    if ($ref === "#") return this.#root;
    const { $defs } = this.#root;
    const target = isSchema($defs) ? $defs[$ref.replace(/^#\/\$defs\//, "")] : undefined;
    return isSchema(target) ? target : undefined;
  }
}

function isOfType(wanted: string, type: string, value: unknown): boolean {
  return wanted === type || (wanted === "integer" && Number.isInteger(value));
}

/** The values that are listed, when there is a list. */
function allowedValues({ const: only, enum: several }: JsonSchema): readonly unknown[] | undefined {
  return Array.isArray(several) ? several : only === undefined ? undefined : [only];
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.slice(0, 10).map((value) => JSON.stringify(value));
  const more = values.length > shown.length ? ", …" : "";
  return shown.length === 1 ? shown[0]! : `one of ${shown.join(", ")}${more}`;
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
