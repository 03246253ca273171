/** A difference between two JSON Schemas, as a caller of the endpoint feels it. */
export interface SchemaChange {
  /** `input.query` */
  readonly path: string;
  readonly what: string;
  /** Whether a caller that was right before may be wrong now. */
  readonly isBreaking: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

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
  if (old.type !== fresh.type)
    return [
      {
        path,
        what: `was ${typeText(old)}, is ${typeText(fresh)}`,
        isBreaking: !widens(old, fresh, direction),
      },
    ];
  if (old.type === "object") return compareObjects(old, fresh, direction, path);
  if (old.type === "array" && isSame(old, fresh, ["items"]))
    return compareSchemas(old.items ?? null, fresh.items ?? null, direction, `${path}[]`);
  return [{ path, what: "has other rules", isBreaking: true }];
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
  if (isSame(old, fresh, ["properties", "required"])) return changes;
  return [...changes, { path, what: "has other rules", isBreaking: true }];
}

// A number may be sent where an integer had to be, and an integer may come where a number did.
function widens(old: Schema, fresh: Schema, direction: "input" | "output"): boolean {
  const [narrow, wide] = direction === "input" ? [old, fresh] : [fresh, old];
  return narrow.type === "integer" && wide.type === "number";
}

function isSame(left: Schema, right: Schema, but: readonly string[]): boolean {
  const rest = (schema: Schema) =>
    JSON.stringify(Object.entries(schema).filter(([key]) => !but.includes(key) && !DESCRIPTIVE.has(key)));
  return rest(left) === rest(right);
}

const DESCRIPTIVE = new Set(["description", "title", "examples", "default", "$schema"]);

function requiredOf({ required }: Schema): ReadonlySet<unknown> {
  return new Set(Array.isArray(required) ? required : []);
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;
}

function typeText({ type }: Schema): string {
  return typeof type === "string" ? type : "of another kind";
}
