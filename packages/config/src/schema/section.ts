import { z } from "zod";
import { YamlMap } from "../dialect/values.ts";
import { copyNumerals, noteNumeral } from "../numerals.ts";
import { getKey, isRecord, type PlainRecord, setKey } from "../record.ts";
import { Fault } from "../rules/fault.ts";
import { describe, report } from "./fault.ts";
import { fieldInfo, type UnwrappedField } from "./field.ts";
import { inherited } from "./inherited.ts";
import { toPlain } from "./plain.ts";
import { readPart, schemaOf } from "./reader.ts";

type Shape = Readonly<Record<string, z.ZodType>>;
type Fields<S extends Shape> = { readonly [K in keyof S]: z.output<S[K]> };

/** Tells a rule's finding; `path` is relative to the section. */
export type Report = (fault: Fault, path?: (string | number)[]) => void;

export interface SectionRules<T> {
  /** What becomes of keys that the section does not know. Truss keeps them, but for a few sections. */
  readonly unknown?: "keep" | "drop";
  /** Sees the mapping before its fields are checked; may report, and may give another mapping in its place. */
  readonly before?: (raw: PlainRecord, report: Report) => PlainRecord | undefined;
  /** Sees the finished section, once all its fields are valid; may report, and may give a changed copy. */
  readonly after?: (value: T, report: Report, raw: PlainRecord) => T | undefined;
  /** What it says when the value is not a mapping at all. */
  readonly otherwise?: (raw: unknown) => Fault;
}

export interface SectionInfo {
  readonly shape: Shape;
  readonly keepsUnknown: boolean;
}

class SectionFields {
  readonly known: ReadonlyMap<string, UnwrappedField>;
  /** Those without a preset. */
  readonly required: readonly (readonly [string, UnwrappedField])[];
  readonly #blank: PlainRecord;

  constructor(shape: Shape) {
    const fields = Object.entries(shape).map(([key, field]) => [key, fieldInfo(field)] as const);
    this.known = new Map(fields);
    this.required = fields.filter(([, { preset }]) => preset === undefined);
    this.#blank = Object.fromEntries(fields.map(([key, { preset }]) => [key, preset?.value]));
  }

  /** All fields as they are when the file says nothing. An object that gets many keys one by one becomes a slow one. */
  blank(): PlainRecord {
    return { ...this.#blank };
  }
}

const sections = new WeakMap<z.core.$ZodType, SectionInfo>();
const givenKeys = new WeakMap<object, readonly string[]>();

/** The make-up of a section's schema, for what walks the schemas: dumps, suggestions, the JSON Schema. */
export function sectionInfo(schema: z.core.$ZodType): SectionInfo | undefined {
  return inherited(sections, schema);
}

/**
 * The keys that the input of a parsed section had. Undefined for objects that no parse made, such as copies. Dumps of
 * `trt_llm` need it: they repeat what was written, not what differs from the defaults.
 */
export function keysGiven(section: object): ReadonlySet<string> | undefined {
  const keys = givenKeys.get(section);
  return keys && new Set(keys);
}

/** A frozen copy of a parsed section with some keys changed, as though the file had set them. */
export function withGiven<T extends object>(value: T, changes: Partial<T>): T {
  const copy = { ...value, ...changes };
  copyNumerals(value, copy);
  givenKeys.set(copy, [...(givenKeys.get(value) ?? []), ...Object.keys(changes)]);
  return Object.freeze(copy);
}

/** A mapping with known keys: one object of a config. */
export function section<S extends Shape>(
  shape: S,
  rules: SectionRules<Fields<S>> = {},
): z.ZodType<Fields<S>, unknown> {
  const keepsUnknown = rules.unknown !== "drop";
  // Made at the first use, because a field may be a section that is defined later.
  let fields: SectionFields | undefined;

  const schema = schemaOf((input, findings): Fields<S> => {
    const { issues } = findings;
    const before = issues.length;
    const found: Report = (fault, path) => report(findings, fault, path);
    const source = input instanceof YamlMap ? textKeysOf(input, keepsUnknown ? found : undefined) : input;
    if (!isRecord(source)) {
      found(rules.otherwise?.(source) ?? new Fault(`Expected a mapping, but got ${describe(source)}.`));
      return z.NEVER;
    }
    const raw = rules.before?.(source, found) ?? source;

    fields ??= new SectionFields(shape);
    const record = fields.blank();
    const given: string[] = [];
    for (const key of Object.keys(raw)) {
      const item = raw[key];
      if (item === undefined) continue;
      given.push(key);
      const field = fields.known.get(key);
      if (!field) {
        if (!keepsUnknown) continue;
        findings.hasUnknown = true;
        keepUnknown(record, key, item, found);
      } else if (item === null && field.nullable) record[key] = null;
      else {
        record[key] = readPart(field.read, item, findings, key);
        noteNumeral(record, key, item);
      }
    }
    for (const [key, { read }] of fields.required) {
      if (getKey(raw, key) === undefined) record[key] = readPart(read, undefined, findings, key);
    }
    if (issues.length > before) return z.NEVER;

    givenKeys.set(record, given);
    const value = rules.after?.(record as Fields<S>, found, raw) ?? (record as Fields<S>);
    if (value !== record) {
      copyNumerals(record, value);
      if (!givenKeys.has(value)) givenKeys.set(value, given);
    }
    return Object.freeze(value);
  });
  sections.set(schema, { shape, keepsUnknown });
  return schema;
}

/** Drops keys that are not text; reports them, unless the section drops all that it does not know. */
function textKeysOf(map: YamlMap, found: Report | undefined): PlainRecord {
  const record: PlainRecord = {};
  for (const [key, value] of map.entries) {
    if (typeof key === "string") setKey(record, key, value);
    else
      found?.(
        new Fault(`A key has to be text, but one is ${describe(key)}.`, "Put it in quotes, or remove it."),
      );
  }
  return record;
}

function keepUnknown(record: PlainRecord, key: string, raw: unknown, found: Report): void {
  const plain = key.isWellFormed() ? toPlain(raw) : new Fault("The key holds half of a surrogate pair.");
  if (plain instanceof Fault) {
    found(plain, [key]);
    return;
  }
  noteNumeral(record, key, raw);
  setKey(record, key, plain);
}
