import { z } from "zod";
import { YamlMap } from "../dialect/values.ts";
import { copyNumerals, noteNumeral } from "../numerals.ts";
import { isRecord, type PlainRecord, setKey } from "../record.ts";
import { Fault } from "../rules/fault.ts";
import { describe, report } from "./fault.ts";
import { toPlain } from "./plain.ts";
import { runSchema, type UnwrappedField, unwrapField } from "./run.ts";

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
  readonly after?: (value: T, report: Report, given: ReadonlySet<string>, raw: PlainRecord) => T | undefined;
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
    const fields = Object.entries(shape).map(([key, field]) => [key, unwrapField(field)] as const);
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
const givenKeys = new WeakMap<object, ReadonlySet<string>>();

/** The make-up of a section's schema, for what walks the schemas: dumps, suggestions, the JSON Schema. */
export function sectionInfo(schema: z.core.$ZodType): SectionInfo | undefined {
  return inherited(sections, schema);
}

/** What is known about a schema, or about the one it was copied from: describing a schema copies it. */
export function inherited<T>(known: WeakMap<z.core.$ZodType, T>, schema: z.core.$ZodType): T | undefined {
  for (let at: z.core.$ZodType | undefined = schema; at; at = at._zod.parent) {
    const found = known.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The keys that the input of a parsed section had. Undefined for objects that no parse made, such as copies. Dumps of
 * `trt_llm` need it: they repeat what was written, not what differs from the defaults.
 */
export function keysGiven(section: object): ReadonlySet<string> | undefined {
  return givenKeys.get(section);
}

/** A copy of a parsed section with some keys changed, as though the file had set them. */
export function withGiven<T extends object>(value: T, changes: Partial<T>): T {
  const copy = { ...value, ...changes };
  copyNumerals(value, copy);
  givenKeys.set(copy, new Set([...(givenKeys.get(value) ?? []), ...Object.keys(changes)]));
  return copy;
}

/** A mapping with known keys: one object of a config. */
export function section<S extends Shape>(
  shape: S,
  rules: SectionRules<Fields<S>> = {},
): z.ZodType<Fields<S>, unknown> {
  const keepsUnknown = rules.unknown !== "drop";
  // Made at the first use, because a field may be a section that is defined later.
  let fields: SectionFields | undefined;

  const schema = z.transform((input: unknown, ctx): Fields<S> => {
    const found: Report = (fault, path) => report(ctx, fault, path);
    const source = input instanceof YamlMap ? textKeysOf(input, keepsUnknown ? found : undefined) : input;
    if (!isRecord(source)) {
      found(rules.otherwise?.(source) ?? new Fault(`Expected a mapping, but got ${describe(source)}.`));
      return z.NEVER;
    }
    const raw = rules.before?.(source, found) ?? source;

    fields ??= new SectionFields(shape);
    const record = fields.blank();
    const given = new Set<string>();
    const extras: [string, unknown][] = [];
    for (const key of Object.keys(raw)) {
      const item = raw[key];
      if (item === undefined) continue;
      given.add(key);
      const field = fields.known.get(key);
      if (!field) {
        if (keepsUnknown) keepExtra(key, item, extras, found);
      } else if (item === null && field.nullable) record[key] = null;
      else {
        record[key] = runSchema(field.schema, item, ctx, [key]);
        noteNumeral(record, key, item);
      }
    }
    for (const [key, { schema }] of fields.required) {
      if (!given.has(key)) record[key] = runSchema(schema, undefined, ctx, [key]);
    }
    if (ctx.issues.length > 0) return z.NEVER;

    let value = record as Fields<S>;
    const changed = rules.after?.(value, found, given, raw);
    if (changed) {
      copyNumerals(value, changed);
      value = changed;
    }
    for (const [key, extra] of extras) {
      noteNumeral(value, key, raw[key]);
      setKey(value as PlainRecord, key, extra);
    }
    // A rule may have noted more of them on a copy that it made.
    for (const key of givenKeys.get(value) ?? []) given.add(key);
    givenKeys.set(value, given);
    return value;
  });
  sections.set(schema, { shape, keepsUnknown });
  return schema as unknown as z.ZodType<Fields<S>, unknown>;
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

function keepExtra(key: string, value: unknown, extras: [string, unknown][], found: Report): void {
  const plain = key.isWellFormed() ? toPlain(value) : new Fault("The key holds half of a surrogate pair.");
  if (plain instanceof Fault) found(plain, [key]);
  else extras.push([key, plain]);
}
