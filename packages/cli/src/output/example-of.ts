import type { JsonSchema } from "@truss-chains/core";

/**
 * A small value that fits a JSON Schema, to be changed by a person: what it requires and no more. A pattern or a
 * refinement may still refuse it.
 */
export function exampleOf(schema: JsonSchema): unknown {
  return new Example(schema, ["#"]).of(schema);
}

class Example {
  readonly #root: JsonSchema;
  /** References that this value is below: to follow one again would never end. */
  readonly #followed: readonly string[];

  constructor(root: JsonSchema, followed: readonly string[]) {
    this.#root = root;
    this.#followed = followed;
  }

  of(schema: JsonSchema): unknown {
    if (typeof schema.$ref === "string") return this.#referred(schema.$ref);
    const [example] = listOf(schema.examples);
    if (example !== undefined) return example;
    if ("default" in schema) return schema.default;
    if ("const" in schema) return schema.const;
    const choices = listOf(schema.enum);
    if (choices.length > 0) return choices[0];
    const variants = [...schemasOf(schema.anyOf), ...schemasOf(schema.oneOf)];
    if (variants.length > 0) return this.of(variants.find((variant) => !this.#isRound(variant)) ?? {});
    const parts = schemasOf(schema.allOf);
    if (parts.length > 0)
      return Object.assign({}, ...parts.map((part) => this.of(part)), this.#object(schema));
    return this.#byType(schema);
  }

  #byType(schema: JsonSchema): unknown {
    const type = listOf(schema.type)[0] ?? schema.type;
    if (type === "string") return textFor(schema);
    if (type === "integer" || type === "number") return numberFor(schema);
    if (type === "boolean") return false;
    if (type === "array") return this.#array(schema);
    if (type === "null") return null;
    return this.#object(schema);
  }

  #array({ items, prefixItems, minItems }: JsonSchema): unknown[] {
    const first = schemasOf(prefixItems).map((item) => this.of(item));
    if (first.length > 0 || typeof items !== "object" || items === null) return first;
    const length = numberOr(minItems, this.#isRound(items as JsonSchema) ? 0 : 1);
    return Array.from({ length }, () => this.of(items as JsonSchema));
  }

  #object({ properties = {}, required }: JsonSchema): Record<string, unknown> {
    const known = properties as Readonly<Record<string, JsonSchema>>;
    return Object.fromEntries(listOf(required).map((name) => [name, this.of(known[String(name)] ?? {})]));
  }

  #referred(reference: string): unknown {
    if (this.#followed.includes(reference)) return null;
    let target: unknown = this.#root;
    for (const key of reference.split("/").slice(1))
      target = (target as Readonly<Record<string, unknown>> | undefined)?.[key];
    return new Example(this.#root, [...this.#followed, reference]).of(
      (target as JsonSchema | undefined) ?? {},
    );
  }

  #isRound({ $ref }: JsonSchema): boolean {
    return typeof $ref === "string" && this.#followed.includes($ref);
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  email: "someone@example.com",
  uri: "https://example.com",
  uuid: "00000000-0000-4000-8000-000000000000",
  date: "2025-01-31",
  time: "12:00:00",
  "date-time": "2025-01-31T12:00:00Z",
};

function textFor({ format, minLength }: JsonSchema): string {
  return FORMATS[String(format)] ?? "text".padEnd(numberOr(minLength, 0), "t");
}

function numberFor({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): number {
  const least = Math.max(numberOr(minimum, -Infinity), numberOr(exclusiveMinimum, -Infinity) + 1);
  const most = Math.min(numberOr(maximum, Infinity), numberOr(exclusiveMaximum, Infinity) - 1);
  return Math.min(most, Math.max(least, 1));
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const schemasOf = (value: unknown) => listOf(value) as readonly JsonSchema[];
const numberOr = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);
