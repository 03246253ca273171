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
import { Fault } from "./fault.ts";

/**
 * Turns a value of a free-form map, or of an unknown key, into plain data, as the Truss loader's dump does: dates
 * become ISO text, keys become text.
 */
export function toPlain(raw: unknown): unknown {
  if (Array.isArray(raw)) return plainList(raw);
  if (isRecord(raw)) return plainRecord(Object.entries(raw));
  if (typeof raw === "bigint") return Number(raw);
  if (!(raw instanceof YamlValue)) return raw;
  if (raw instanceof YamlFloat) return raw.value;
  if (raw instanceof YamlTimestamp) return raw.toIso();
  if (raw instanceof YamlBytes) return raw.toText() ?? new Fault("The binary data is not UTF-8 text.");
  if (raw instanceof YamlSet) return plainList(raw.items);
  if (raw instanceof YamlPair) return plainList([raw.key, raw.value]);
  if (raw instanceof YamlMap) {
    const entries: [string, unknown][] = [];
    for (const [key, value] of raw.entries) {
      const name = keyText(key);
      if (name instanceof Fault) return name;
      entries.push([name, value]);
    }
    return plainRecord(entries);
  }
  return raw;
}

function plainList(items: readonly unknown[]): unknown {
  const list: unknown[] = [];
  for (const item of items) {
    const plain = toPlain(item);
    if (plain instanceof Fault) return plain;
    noteNumeral(list, list.length, item);
    list.push(plain);
  }
  return list;
}

function plainRecord(entries: readonly (readonly [string, unknown])[]): unknown {
  const record: PlainRecord = {};
  for (const [key, value] of entries) {
    const plain = toPlain(value);
    if (plain instanceof Fault) return plain;
    noteNumeral(record, key, value);
    setKey(record, key, plain);
  }
  return record;
}

/** The text that a key becomes in JSON. */
function keyText(key: unknown): string | Fault {
  if (key === null) return "None";
  if (typeof key === "bigint") return String(key);
  if (key instanceof YamlFloat) return Number.isFinite(key.value) ? floatRepr(key.value) : "None";
  const plain = toPlain(key);
  return plain instanceof Fault ? plain : String(plain);
}
