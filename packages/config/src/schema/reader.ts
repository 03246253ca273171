import { z } from "zod";
import { inherited } from "./inherited.ts";

/** A broken rule, in the form in which zod collects them. */
export interface Issue {
  readonly code: "custom";
  readonly message: string;
  /** Where it is, below the value that was read. Those who read the value as a part of theirs put its key in front. */
  readonly path: (string | number)[];
  readonly params?: { readonly fix: string };
  readonly input: undefined;
}

/** What is found while a value is read. Inside a `safeParse` it is zod's own context. */
export interface Findings {
  readonly issues: Issue[];
  /** Set once a section has kept a key that it does not know. */
  hasUnknown?: boolean;
}

/** Turns a value of a document into one of a config, and reports what is wrong. It then may return anything. */
export type Reader<T> = (raw: unknown, findings: Findings) => T;

const readers = new WeakMap<z.core.$ZodType, Reader<unknown>>();

/**
 * A zod schema of what a reader makes. zod is the outside of our schemas: parsing, types, descriptions, defaults.
 * Inside, a reader calls the readers of its parts, as zod's context for each single value takes longer than most
 * values do. Therefore a rule belongs into the reader: a check that is added to the schema would not be run.
 */
export function schemaOf<T>(read: Reader<T>): z.ZodType<T, unknown> {
  const schema = z.transform((raw: unknown, ctx): T => read(raw, ctx as unknown as Findings));
  readers.set(schema, read);
  return schema as unknown as z.ZodType<T, unknown>;
}

/** The reader of a schema that `schemaOf` made, or of a described copy of it. */
export function readerOf<T>(schema: z.ZodType<T, unknown>): Reader<T> {
  return inherited(readers, schema) as Reader<T>;
}

/** Reads what is at `key` of a larger value. */
export function readPart<T>(read: Reader<T>, raw: unknown, findings: Findings, key: string | number): T {
  const { issues } = findings;
  const first = issues.length;
  const value = read(raw, findings);
  for (let at = first; at < issues.length; at++) issues[at]?.path.unshift(key);
  return value;
}
