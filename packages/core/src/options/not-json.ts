/** A part of a value that JSON cannot hold as it is. */
export interface NotJson {
  /** From the value to the part. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** The first part that would be lost or changed on its way through JSON. Members that are undefined are not there. */
export function findNotJson(value: unknown, within: readonly unknown[] = []): NotJson | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number" && Number.isFinite(value)) return undefined;
  if (!isPlain(value) || within.includes(value)) return { path: [], value };
  const members: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value).filter(([, item]) => item !== undefined);
  for (const [key, item] of members) {
    const found = findNotJson(item, [...within, value]);
    if (found) return { ...found, path: [key, ...found.path] };
  }
  return undefined;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // Objects of another realm have a prototype of their own, with nothing above it.
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}
