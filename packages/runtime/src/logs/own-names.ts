import type { LogFields } from "./logger.ts";

/** What every line may have of itself. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  "level",
  "chainlet",
  "time",
  "request_id",
  "chain_request_id",
  "trace_id",
  "msg",
]);

/** An author's fields; those that are named like the line's own stand below `fields`, or one of both would be lost. */
export function besideOwn(fields: LogFields): LogFields {
  const entries = Object.entries(fields);
  const clashing = entries.filter(([name]) => OWN_NAMES.has(name));
  if (clashing.length === 0) return Object.fromEntries(entries);
  const others = entries.filter(([name]) => !OWN_NAMES.has(name));
  return { ...Object.fromEntries(others), fields: Object.fromEntries(clashing) };
}
