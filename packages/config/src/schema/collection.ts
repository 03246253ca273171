import { z } from "zod";
import { YamlMap, YamlPair, YamlSet } from "../dialect/values.ts";
import { noteNumeral } from "../numerals.ts";
import { isRecord, type PlainRecord, setKey } from "../record.ts";
import { Fault, quote } from "../rules/fault.ts";
import { describe, missingValue, report } from "./fault.ts";
import { fieldInfo, type UnwrappedField } from "./field.ts";
import { inherited } from "./inherited.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { toPlain } from "./plain.ts";
import { type Findings, readPart, schemaOf } from "./reader.ts";
import { toText } from "./scalar.ts";
import type { Report } from "./section.ts";

/** A list. One lone value is not a list. `rule` sees the items once they are all valid. */
export function list<T>(
  item: z.ZodType<T, unknown>,
  rule?: (items: readonly T[], found: Report) => void,
): z.ZodType<readonly T[], unknown> {
  let field: UnwrappedField | undefined;
  const schema = schemaOf((raw, findings): readonly T[] => {
    const items = itemsOf(raw, findings);
    field ??= fieldInfo(item);
    const { read, nullable } = field;
    const before = findings.issues.length;
    const result: T[] = [];
    for (const [index, value] of items.entries()) {
      result.push((value === null && nullable ? null : readPart(read, value, findings, index)) as T);
    }
    if (rule && findings.issues.length === before)
      rule(result, (fault, path) => report(findings, fault, path));
    return Object.freeze(result);
  });
  itemSchemas.set(schema, item);
  return schema;
}

const itemSchemas = new WeakMap<z.core.$ZodType, z.ZodType>();

/** The schema of the items of a list that `list` made, for what walks the schemas. */
export function itemSchema(schema: z.core.$ZodType): z.ZodType | undefined {
  return inherited(itemSchemas, schema);
}

function itemsOf(raw: unknown, findings: Findings): readonly unknown[] {
  if (Array.isArray(raw)) return raw;
  if (raw instanceof YamlSet) return raw.items;
  if (raw instanceof YamlPair) return [raw.key, raw.value];
  const single = typeof raw === "string" || isRecord(raw);
  report(
    findings,
    raw === undefined
      ? missingValue()
      : new Fault(`Expected a list, but got ${describe(raw)}.`, single ? "Put `- ` before it." : undefined),
  );
  return [];
}

/** A mapping from text to values of one kind; `checkKey` may refuse keys. */
export function mapOf<T>(
  value: z.ZodType<T, unknown>,
  checkKey?: (key: string) => Fault | undefined,
): z.ZodType<Readonly<Record<string, T>>, unknown> {
  let field: UnwrappedField | undefined;
  const schema = schemaOf((raw, findings): Readonly<Record<string, T>> => {
    field ??= fieldInfo(value);
    const { read, nullable } = field;
    const result: Record<string, T> = {};
    for (const [key, item] of entriesOf(raw, findings)) {
      const badKey = checkKey?.(key);
      if (badKey) report(findings, badKey, [key]);
      noteNumeral(result, key, item);
      setKey(result, key, item === null && nullable ? null : readPart(read, item, findings, key));
    }
    return Object.freeze(result);
  });
  jsonSchemas.add(schema, { type: "object", additionalProperties: value as never });
  valueSchemas.set(schema, value);
  return schema;
}

const valueSchemas = new WeakMap<z.core.$ZodType, z.ZodType>();

/** The schema of the values of a map that `mapOf` made, for what walks the schemas. */
export function mapValues(schema: z.core.$ZodType): z.ZodType | undefined {
  return inherited(valueSchemas, schema);
}

/** A mapping from text to anything; it is kept as it is. */
export const freeForm = schemaOf((raw, findings): Readonly<PlainRecord> => {
  const entries = entriesOf(raw, findings);
  const plain = toPlain(Object.fromEntries(entries));
  if (plain instanceof Fault) {
    report(findings, plain);
    return z.NEVER;
  }
  return plain as PlainRecord;
});
jsonSchemas.add(freeForm, { type: "object", additionalProperties: true });

/** The entries of a mapping; reports what is not a mapping, and keys that are not text. */
export function entriesOf(raw: unknown, findings: Findings): [string, unknown][] {
  if (isRecord(raw)) {
    const entries = Object.entries(raw);
    for (const [key] of entries) {
      if (!key.isWellFormed())
        report(findings, new Fault("A key holds half of a surrogate pair.", "Remove it."));
    }
    return entries;
  }
  if (raw instanceof YamlMap) {
    const entries: [string, unknown][] = [];
    for (const [key, value] of raw.entries) {
      const name = toText(key);
      if (name instanceof Fault)
        report(findings, new Fault(`A key has to be text, but one is ${describe(key)}.`, name.fix));
      else entries.push([name, value]);
    }
    return entries;
  }
  report(
    findings,
    raw === undefined
      ? missingValue()
      : new Fault(
          `Expected a mapping, but got ${describe(raw)}.`,
          typeof raw === "string" ? `Write keys and values below it, instead of ${quote(raw)}.` : undefined,
        ),
  );
  return [];
}
