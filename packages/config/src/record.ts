import { YamlValue } from "./dialect/values.ts";

/** A mapping whose keys are all text. */
export type PlainRecord = Record<string, unknown>;

/** True for mappings, false for lists and for the values that only YAML has. */
export function isRecord(value: unknown): value is PlainRecord {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof YamlValue)
  );
}

/**
 * Sets a key that came from a document. Plain assignment of the key `__proto__` would change the object's prototype
 * instead of adding a key.
 */
export function setKey(target: PlainRecord, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

/** Reads a key that a document may lack; names such as `constructor` are not found on the prototype. */
export function getKey(source: PlainRecord, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key] : undefined;
}

/** Freezes plain data to its leaves. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === "object") deepFreeze(item);
  }
  return value;
}
