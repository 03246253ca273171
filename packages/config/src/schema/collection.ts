import { z } from "zod";
import { YamlMap, YamlPair, YamlSet } from "../dialect/values.ts";
import { noteNumeral } from "../numerals.ts";
import { isRecord, type PlainRecord, setKey } from "../record.ts";
import { Fault, quote } from "../rules/fault.ts";
import { describe, missingValue, report } from "./fault.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { toPlain } from "./plain.ts";
import { runSchema } from "./run.ts";
import { toText } from "./scalar.ts";
import { inherited } from "./section.ts";

/** A list. One lone value is not a list. */
export function list<T>(item: z.ZodType<T, unknown>): z.ZodType<readonly T[], unknown> {
  const toItems = z.transform((raw: unknown, ctx): unknown[] => {
    if (Array.isArray(raw)) return raw;
    if (raw instanceof YamlSet) return [...raw.items];
    if (raw instanceof YamlPair) return [raw.key, raw.value];
    const single = typeof raw === "string" || isRecord(raw);
    report(
      ctx,
      raw === undefined
        ? missingValue()
        : new Fault(`Expected a list, but got ${describe(raw)}.`, single ? "Put `- ` before it." : undefined),
    );
    return z.NEVER;
  });
  return z.pipe(toItems, z.array(item)) as unknown as z.ZodType<readonly T[], unknown>;
}

/** A mapping from text to values of one kind; `checkKey` may refuse keys. */
export function mapOf<T>(
  value: z.ZodType<T, unknown>,
  checkKey?: (key: string) => Fault | undefined,
): z.ZodType<Readonly<Record<string, T>>, unknown> {
  const schema = z.transform((raw: unknown, ctx): Record<string, T> => {
    const result: Record<string, T> = {};
    for (const [key, item] of entriesOf(raw, ctx)) {
      const badKey = checkKey?.(key);
      if (badKey) report(ctx, badKey, [key]);
      noteNumeral(result, key, item);
      setKey(result, key, runSchema(value, item, ctx, [key]));
    }
    return result;
  });
  jsonSchemas.add(schema, { type: "object", additionalProperties: value as never });
  valueSchemas.set(schema, value);
  return schema as z.ZodType<Readonly<Record<string, T>>, unknown>;
}

const valueSchemas = new WeakMap<z.core.$ZodType, z.ZodType>();

/** The schema of the values of a map that `mapOf` made, for what walks the schemas. */
export function mapValues(schema: z.core.$ZodType): z.ZodType | undefined {
  return inherited(valueSchemas, schema);
}

/** A mapping from text to anything; it is kept as it is. */
export const freeForm = z.transform((raw: unknown, ctx): PlainRecord => {
  const entries = entriesOf(raw, ctx);
  const plain = toPlain(Object.fromEntries(entries));
  if (plain instanceof Fault) {
    report(ctx, plain);
    return z.NEVER;
  }
  return plain as PlainRecord;
}) as unknown as z.ZodType<Readonly<Record<string, unknown>>, unknown>;
jsonSchemas.add(freeForm, { type: "object", additionalProperties: true });

/** The entries of a mapping; reports what is not a mapping, and keys that are not text. */
export function entriesOf(raw: unknown, ctx: Parameters<typeof report>[0]): [string, unknown][] {
  if (isRecord(raw)) {
    const entries = Object.entries(raw);
    for (const [key] of entries) {
      if (!key.isWellFormed()) report(ctx, new Fault("A key holds half of a surrogate pair.", "Remove it."));
    }
    return entries;
  }
  if (raw instanceof YamlMap) {
    const entries: [string, unknown][] = [];
    for (const [key, value] of raw.entries) {
      const name = toText(key);
      if (name instanceof Fault)
        report(ctx, new Fault(`A key has to be text, but one is ${describe(key)}.`, name.fix));
      else entries.push([name, value]);
    }
    return entries;
  }
  report(
    ctx,
    raw === undefined
      ? missingValue()
      : new Fault(
          `Expected a mapping, but got ${describe(raw)}.`,
          typeof raw === "string" ? `Write keys and values below it, instead of ${quote(raw)}.` : undefined,
        ),
  );
  return [];
}
