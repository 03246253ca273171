import { LIMITS } from "../dialect/limits.ts";
import {
  YamlBytes,
  YamlFloat,
  YamlMap,
  YamlPair,
  YamlSet,
  YamlTimestamp,
  YamlValue,
} from "../dialect/values.ts";
import { noteNumeral } from "../numerals.ts";
import { floatRepr } from "../python-repr.ts";
import { isRecord, type PlainRecord, setKey } from "../record.ts";
import { Fault } from "../rules/fault.ts";
import { describe } from "./fault.ts";

/**
 * Turns a value of a free-form map, or of an unknown key, into plain data, as the Truss loader's dump does: dates
 * become ISO text, keys become text. The result is frozen.
 */
export function toPlain(raw: unknown, depth = 0): unknown {
  // Documents are checked before; what a program passes may even hold itself.
  if (depth > LIMITS.depth)
    return new Fault("The value nests too deeply, or holds itself.", "Make it flatter.");
  if (Array.isArray(raw)) return plainList(raw, depth);
  if (isRecord(raw)) return plainRecord(Object.entries(raw), depth);
  if (typeof raw === "bigint") return Number(raw);
  if (typeof raw === "function" || typeof raw === "symbol") {
    return new Fault(`Cannot take ${describe(raw)} here.`, "Use values that JSON has.");
  }
  if (!(raw instanceof YamlValue)) return raw;
  if (raw instanceof YamlFloat) return raw.value;
  if (raw instanceof YamlTimestamp) return raw.toIso();
  if (raw instanceof YamlBytes) return raw.toText() ?? new Fault("The binary data is not UTF-8 text.");
  if (raw instanceof YamlSet) return plainList(raw.items, depth);
  if (raw instanceof YamlPair) return plainList([raw.key, raw.value], depth);
  if (raw instanceof YamlMap) {
    const entries: [string, unknown][] = [];
    for (const [key, value] of raw.entries) {
      const name = keyText(key);
      if (name instanceof Fault) return name;
      entries.push([name, value]);
    }
    return plainRecord(entries, depth);
  }
  return raw;
}

function plainList(items: readonly unknown[], depth: number): unknown {
  const list: unknown[] = [];
  for (const item of items) {
    const plain = toPlain(item, depth + 1);
    if (plain instanceof Fault) return plain;
    noteNumeral(list, list.length, item);
    list.push(plain);
  }
  return Object.freeze(list);
}

function plainRecord(entries: readonly (readonly [string, unknown])[], depth: number): unknown {
  const record: PlainRecord = {};
  for (const [key, value] of entries) {
    const plain = toPlain(value, depth + 1);
    if (plain instanceof Fault) return plain;
    noteNumeral(record, key, value);
    setKey(record, key, plain);
  }
  return Object.freeze(record);
}

/** The text that a key becomes in JSON. */
function keyText(key: unknown): string | Fault {
  if (key === null) return "None";
  if (typeof key === "bigint") return String(key);
  if (key instanceof YamlFloat) return Number.isFinite(key.value) ? floatRepr(key.value) : "None";
  const plain = toPlain(key);
  return plain instanceof Fault ? plain : String(plain);
}
