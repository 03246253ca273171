import { parseDocument } from "yaml";
import { EDGES, WRONG_TYPES } from "./edges.ts";
import type { Random } from "./random.ts";

/** A changed config, and what was changed. */
export interface Mutation {
  readonly name: string;
  readonly yaml: string;
}

type Path = readonly (string | number)[];

/** A value that is written into the YAML as it is, such as `1.0` or `2024-01-01`. */
class Literal {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const REMOVE = Symbol("remove");

/**
 * Every single-value change of a config that is worth a try: each value of a wrong type or at an edge, each key
 * removed, and unknown keys in each mapping.
 */
export function* mutationsOf(text: string): Generator<Mutation> {
  const root: unknown = parseDocument(text, { version: "1.1", logLevel: "silent" }).toJS();
  if (!isMapping(root)) return;
  for (const path of pathsIn(root, [])) {
    const field = fieldName(path);
    yield change(root, path, REMOVE, "removed");
    for (const literal of [...WRONG_TYPES, ...(EDGES[field] ?? [])]) {
      yield change(root, path, new Literal(literal), literal);
    }
  }
  for (const path of [[], ...pathsIn(root, [])]) {
    if (!isMapping(valueAt(root, path))) continue;
    for (const key of ["unknown_key", "__proto__", "constructor"]) {
      yield change(root, [...path, key], new Literal("{a: null}"), "added");
    }
  }
}

/** Each known field added where the config lacks it, with each value at its edges. */
export function* additionsTo(text: string): Generator<Mutation> {
  const root: unknown = parseDocument(text, { version: "1.1", logLevel: "silent" }).toJS();
  if (!isMapping(root)) return;
  for (const [field, literals] of Object.entries(EDGES)) {
    const path = field.split(".");
    if (path.includes("*") || valueAt(root, path) !== undefined) continue;
    for (const literal of literals) yield change(root, path, new Literal(literal), `added ${literal}`);
  }
}

/** Two changes at once; finds rules that look at several fields. */
export function* pairsOf(text: string, random: Random, count: number): Generator<Mutation> {
  const root: unknown = parseDocument(text, { version: "1.1", logLevel: "silent" }).toJS();
  if (!isMapping(root)) return;
  const fields = Object.keys(EDGES).filter((field) => !field.includes("*"));
  for (let made = 0; made < count; made++) {
    const names: string[] = [];
    let mutated: unknown = root;
    for (let step = 0; step < 3; step++) {
      const field = random.pick(fields);
      const literal = random.pick(EDGES[field] as readonly string[]);
      names.push(`${field} = ${literal}`);
      mutated = replaced(mutated, field.split("."), new Literal(literal));
    }
    yield { name: names.join(", "), yaml: write(mutated) };
  }
}

function change(root: unknown, path: Path, value: unknown, what: string): Mutation {
  return { name: `${path.join(".")}: ${what}`, yaml: write(replaced(root, path, value)) };
}

/** `weights.0.source` is the field `weights.*.source`. */
function fieldName(path: Path): string {
  return path.map((part) => (typeof part === "number" ? "*" : part)).join(".");
}

function* pathsIn(value: unknown, path: Path): Generator<Path> {
  // Inside free-form values nothing is checked; a few levels are enough.
  if (path.length > 5) return;
  const entries = Array.isArray(value)
    ? value.slice(0, 3).map((item, index) => [index, item] as const)
    : isMapping(value)
      ? Object.entries(value)
      : [];
  for (const [key, item] of entries) {
    yield [...path, key];
    yield* pathsIn(item, [...path, key]);
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Literal) &&
    !(value instanceof Date)
  );
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    const holder = value as Record<string | number, unknown> | undefined | null;
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, part)) return undefined;
    value = holder[part];
  }
  return value;
}

function replaced(root: unknown, path: Path, value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(root)) {
    const copy = [...root];
    if (value === REMOVE && rest.length === 0) copy.splice(first as number, 1);
    else copy[first as number] = replaced(copy[first as number], rest, value);
    return copy;
  }
  const entries = new Map(Object.entries(isMapping(root) ? root : {}));
  const key = String(first);
  if (value === REMOVE && rest.length === 0) entries.delete(key);
  else entries.set(key, replaced(entries.get(key), rest, value));
  return Object.fromEntries(entries);
}

/** Flow style, which leaves no room for mistakes about indentation. */
function write(value: unknown): string {
  if (value instanceof Literal) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(", ")}]`;
  if (value instanceof Date) return value.toISOString();
  if (isMapping(value)) {
    const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${write(item)}`);
    // One key a line: a key has to be within 1024 characters of the last line break.
    return `{${pairs.join(",\n ")}}`;
  }
  if (typeof value === "bigint") return String(value);
  return value === undefined ? "null" : JSON.stringify(value);
}
