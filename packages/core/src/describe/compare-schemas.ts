import type { EndpointSchemas } from "./endpoint-contract.ts";

/** A difference between two JSON Schemas, as a caller of the endpoint feels it. */
export interface SchemaChange {
  /** `input.query` */
  readonly path: string;
  readonly what: string;
  /** Whether a caller that was right before may be wrong now. */
  readonly isBreaking: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

const DIRECTIONS = {
  input: "input",
  receive: "input",
  output: "output",
  item: "output",
  send: "output",
} as const;

/** Compares all that two versions of an endpoint take and give. */
export function compareEndpoints(before: EndpointSchemas, after: EndpointSchemas): SchemaChange[] {
  if (before.kind !== after.kind)
    return [{ path: "endpoint", what: `was ${before.kind}, is ${after.kind}`, isBreaking: true }];
  return Object.entries(DIRECTIONS).flatMap(([part, direction]) => {
    const [was, is] = [before, after].map((endpoint) => (endpoint as unknown as Schema)[part]);
    return was === undefined && is === undefined
      ? []
      : compareSchemas(was ?? null, is ?? null, direction, part);
  });
}

/**
 * Compares what callers send (`input`) or get (`output`). What is sent may become freer, what is got may become
 * narrower, without anyone noticing. Where the schemas differ in a way that is not understood, it counts as breaking.
 */
export function compareSchemas(
  before: unknown,
  after: unknown,
  direction: "input" | "output",
  path: string = direction,
): SchemaChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [old, fresh] = [asSchema(before), asSchema(after)];
  if (!old || !fresh) {
    const isFreer = direction === "input" ? after === null : before === null;
    return [{ path, what: fresh ? "is new" : "is gone", isBreaking: !isFreer }];
  }
  const [was, is] = [typeText(old), typeText(fresh)];
  if (was !== is) return [{ path, what: `was ${was}, is ${is}`, isBreaking: !widens(old, fresh, direction) }];
  if (old.type === "object") return compareObjects(old, fresh, direction, path);
  if (old.type === "array" && otherRules(old, fresh, ["items"]) === undefined)
    return compareSchemas(old.items ?? null, fresh.items ?? null, direction, `${path}[]`);
  const what = otherRules(old, fresh, []);
  return what === undefined ? [] : [{ path, what, isBreaking: true }];
}

function compareObjects(
  old: Schema,
  fresh: Schema,
  direction: "input" | "output",
  path: string,
): SchemaChange[] {
  const [was, is] = [asSchema(old.properties) ?? {}, asSchema(fresh.properties) ?? {}];
  const [needed, needs] = [requiredOf(old), requiredOf(fresh)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const changes = names.flatMap((name): SchemaChange[] => {
    const at = `${path}.${name}`;
    if (!(name in was))
      return [
        {
          path: at,
          what: needs.has(name) ? "is new and required" : "is new",
          isBreaking: direction === "input" && needs.has(name),
        },
      ];
    if (!(name in is)) return [{ path: at, what: "is gone", isBreaking: true }];
    const nested = compareSchemas(was[name], is[name], direction, at);
    if (needed.has(name) === needs.has(name)) return nested;
    const isNeeded = needs.has(name);
    const what = isNeeded ? "is required now" : "is optional now";
    return [...nested, { path: at, what, isBreaking: direction === "input" ? isNeeded : !isNeeded }];
  });
  const what = otherRules(old, fresh, ["properties", "required"]);
  return what === undefined ? changes : [...changes, { path, what, isBreaking: true }];
}

// A number may be sent where an integer had to be, null where it is one more choice; and the other way round what comes.
function widens(old: Schema, fresh: Schema, direction: "input" | "output"): boolean {
  const [narrow, wide] = direction === "input" ? [old, fresh] : [fresh, old];
  if (narrow.type === "integer" && wide.type === "number") return true;
  const choices = Array.isArray(wide.anyOf) ? wide.anyOf : [];
  return choices.some((choice) => JSON.stringify(choice) === JSON.stringify(narrow));
}

/** Which of the rules that are not compared one by one differ; undefined when none does. */
function otherRules(left: Schema, right: Schema, but: readonly string[]): string | undefined {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (name) =>
      !but.includes(name) &&
      !DESCRIPTIVE.has(name) &&
      JSON.stringify(left[name]) !== JSON.stringify(right[name]),
  );
  return names.length === 0 ? undefined : `has another ${names.join(", ")}`;
}

const DESCRIPTIVE = new Set(["description", "title", "examples", "default", "$schema"]);

function requiredOf({ required }: Schema): ReadonlySet<unknown> {
  return new Set(Array.isArray(required) ? required : []);
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;
}

function typeText({ type, anyOf, oneOf }: Schema): string {
  if (typeof type === "string") return type;
  const choices = type ?? anyOf ?? oneOf;
  if (!Array.isArray(choices)) return "of any type";
  const texts = choices.map((choice) =>
    typeof choice === "string" ? choice : typeText(asSchema(choice) ?? {}),
  );
  return [...new Set(texts)].join(" or ");
}
