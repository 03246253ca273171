import type { z } from "zod";
import { copyNumerals } from "./numerals.ts";
import { isRecord, type PlainRecord, setKey } from "./record.ts";
import { itemSchema, mapValues } from "./schema/collection.ts";
import { fieldInfo } from "./schema/field.ts";
import { keysGiven, type SectionInfo } from "./schema/section.ts";
import { transport } from "./schema/transport.ts";
import { trtLlm } from "./schema/trt-llm/stacks.ts";
import { type TrussConfig, trussConfig } from "./schema/truss-config.ts";
import { sectionOf } from "./schema/walk.ts";

export interface DumpOptions {
  /** All keys, as a push sends them; otherwise only what differs from the defaults. */
  readonly verbose?: boolean;
}

/**
 * The config as plain JSON data, field by field what the real package's `to_dict` gives. `resources` and
 * `python_version` are always there. Unknown keys come last. The result is the caller's own copy.
 */
export function toDict(config: TrussConfig, { verbose = false }: DumpOptions = {}): Record<string, unknown> {
  const full = copy(config) as PlainRecord;
  const resources = dumpResources(full.resources as PlainRecord);
  if (verbose) return withNumerals(config, { ...full, resources });
  const result = minimalSection(
    sectionOf(trussConfig, config) as SectionInfo,
    config as unknown as PlainRecord,
  );
  return withNumerals(config, { ...result, resources, python_version: config.python_version });
}

/** Truss leaves out a few keys of `resources` whenever they say nothing, and puts `use_gpu` last. */
function dumpResources({ use_gpu, instance_type, node_count, fabric, ...rest }: PlainRecord): PlainRecord {
  const { cpu, memory, accelerator, ...extras } = rest;
  return withNumerals(rest, {
    cpu,
    memory,
    accelerator,
    ...(instance_type ? { instance_type } : {}),
    ...(node_count ? { node_count } : {}),
    ...(isRecord(fabric) ? { fabric: dumpFabric(fabric) } : {}),
    ...extras,
    use_gpu,
  });
}

function dumpFabric(fabric: PlainRecord): PlainRecord {
  const { use_rdma, preferences, ...extras } = fabric;
  return {
    ...(use_rdma === null ? {} : { use_rdma }),
    ...(preferences === null ? {} : { preferences }),
    ...extras,
  };
}

function minimalSection(info: SectionInfo, value: PlainRecord): PlainRecord {
  const result: PlainRecord = {};
  for (const [key, schema] of Object.entries(info.shape)) {
    const item = value[key];
    if (item === null || item === undefined) continue;
    const { schema: inner, preset } = fieldInfo(schema);
    // Whoever changes the transport wants to see it whole, so Truss never shortens it.
    if (inner === transport) result[key] = copy(item);
    else if (!preset || !isSame(item, preset.value)) result[key] = minimalValue(inner, item);
  }
  for (const [key, item] of Object.entries(value)) {
    if (!Object.hasOwn(info.shape, key) && item !== null) setKey(result, key, copy(item));
  }
  return withNumerals(value, result);
}

function minimalValue(inner: z.core.$ZodType, value: unknown): unknown {
  if (inner === trtLlm && keysGiven(value as object)) return onlyGiven(value);
  const item = itemSchema(inner);
  if (item && Array.isArray(value)) {
    return withNumerals(
      value,
      value.map((child) => minimalValue(fieldInfo(item).schema, child)),
    );
  }
  const values = mapValues(inner);
  if (values && isRecord(value))
    return mapRecord(value, (child) => minimalValue(fieldInfo(values).schema, child));
  const info = isRecord(value) ? sectionOf(inner, value) : undefined;
  return info ? minimalSection(info, value as PlainRecord) : copy(value);
}

/** Repeats the keys that the file had, whatever their values. */
function onlyGiven(value: unknown): unknown {
  if (Array.isArray(value)) return withNumerals(value, value.map(onlyGiven));
  if (!isRecord(value)) return copy(value);
  const given = keysGiven(value);
  const result: PlainRecord = {};
  for (const [key, item] of Object.entries(value)) {
    if (!given || given.has(key)) setKey(result, key, onlyGiven(item));
  }
  return withNumerals(value, result);
}

function mapRecord(record: PlainRecord, change: (value: unknown) => unknown): PlainRecord {
  const result: PlainRecord = {};
  for (const [key, value] of Object.entries(record)) setKey(result, key, change(value));
  return withNumerals(record, result);
}

/** A deep copy in which numbers that JSON lacks are null. */
function copy(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) return withNumerals(value, value.map(copy));
  return isRecord(value) ? mapRecord(value, copy) : value;
}

function withNumerals<T extends object>(from: object, to: T): T {
  copyNumerals(from, to);
  return to;
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]))
  );
}
