import { isDeepStrictEqual } from "node:util";
import { ChainsError, formatPath } from "@truss-chains/errors";
import type { YamlNode } from "../dialect/node.ts";
import { decodeConfig, type ParseOptions, readConfigDocument } from "../read.ts";
import { isRecord, type PlainRecord, setKey } from "../record.ts";
import { applySplices, type Splice } from "../splice.ts";
import { Surgery } from "./surgery.ts";

/** One change of a config: another value at a path, or no value where `remove` is set. Values are plain JSON data. */
export type ConfigChange =
  | { readonly path: readonly (string | number)[]; readonly value: unknown }
  | { readonly path: readonly (string | number)[]; readonly remove: true };

/**
 * Changes values in a config.yaml and gives the new text. Every comment, blank line, quote and order outside the
 * changes stays. Missing parents are made; the number after the last index of a list appends to it.
 *
 * The result is read again and compared before it is returned. Throws a `ChainsError`: `CONFIG_SYNTAX` for what cannot
 * be read, `CONFIG_EDIT_IMPOSSIBLE` where the change cannot be made in place, such as behind an alias. What the values
 * mean is not checked: parse the result.
 */
export function editConfig(
  source: string | Uint8Array,
  changes: readonly ConfigChange[],
  options: ParseOptions = {},
): string {
  const original = typeof source === "string" ? source : decodeConfig(source, options);
  return changes.reduce((text, change) => applyChange(text, change, options), original);
}

function applyChange(text: string, change: ConfigChange, options: ParseOptions): string {
  const document = readConfigDocument(text, options);
  const expected = changed(document.value ?? {}, change.path, "remove" in change ? undefined : change.value);
  const splices = plan(text, document.root, change);
  const result = splices && applySplices(text, splices);
  if (result !== undefined && readsAs(result, expected, options)) return result;
  throw new ChainsError("CONFIG_EDIT_IMPOSSIBLE", `${formatPath(change.path)} cannot be changed in place.`, {
    fix: "Change it by hand; it may be written with an alias or a merge key.",
    location: { ...(options.file !== undefined && { file: options.file }), path: change.path },
  });
}

function readsAs(text: string, expected: unknown, options: ParseOptions): boolean {
  try {
    return isDeepStrictEqual(readConfigDocument(text, options).value ?? {}, expected);
  } catch (error) {
    if (error instanceof ChainsError) return false;
    throw error;
  }
}

function plan(text: string, root: YamlNode | undefined, change: ConfigChange): readonly Splice[] | undefined {
  const surgery = new Surgery(text, root);
  const isRemoval = "remove" in change;
  const [top] = change.path;
  if (!root || (root.kind === "scalar" && root.start === root.end)) {
    if (isRemoval) return [];
    return typeof top === "string"
      ? [surgery.begin(top, nested(change.path.slice(1), change.value))]
      : undefined;
  }
  let node = root;
  let key: YamlNode | undefined;
  let inFlow = false;
  for (const [depth, part] of change.path.entries()) {
    const rest = change.path.slice(depth + 1);
    if (node.kind === "mapping" && typeof part === "string") {
      const index = node.pairs.findLastIndex((pair) => pair.key.kind === "scalar" && pair.key.text === part);
      inFlow ||= node.flow;
      if (index < 0) return isRemoval ? [] : [surgery.insert(node, part, nested(rest, change.value))];
      if (isRemoval && rest.length === 0) return [surgery.removePair(node, index, node === root)];
      key = node.pairs[index]?.key;
      node = node.pairs[index]?.value as YamlNode;
    } else if (node.kind === "sequence" && typeof part === "number") {
      inFlow ||= node.flow;
      const item = node.items[part];
      if (!item)
        return isRemoval
          ? []
          : part === node.items.length
            ? [surgery.append(node, nested(rest, change.value))]
            : undefined;
      if (isRemoval && rest.length === 0) return [surgery.removeItem(node, part, key)];
      key = undefined;
      node = item;
    } else if (node.kind === "scalar" && node.start === node.end && !isRemoval) {
      return surgery.replace(node, nested([part, ...rest], change.value), key, inFlow);
    } else return undefined;
  }
  return isRemoval ? undefined : surgery.replace(node, change.value, key, inFlow);
}

/** `["a", "b"]` and 1 become `{a: {b: 1}}`. */
function nested(path: readonly (string | number)[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, part) => {
    if (typeof part === "number") return [inner];
    const record: PlainRecord = {};
    setKey(record, part, inner);
    return record;
  }, value);
}

/** A copy of `root` with another value at a path; `undefined` removes it. */
function changed(root: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (typeof part === "number") {
    const list = Array.isArray(root) ? [...root] : [];
    if (value === undefined && rest.length === 0) list.splice(part, 1);
    else if (value !== undefined || part < list.length) list[part] = changed(list[part], rest, value);
    return list;
  }
  const record: PlainRecord = isRecord(root) ? { ...root } : {};
  if (value !== undefined)
    setKey(record, part, changed(Object.hasOwn(record, part) ? record[part] : undefined, rest, value));
  else if (rest.length === 0) delete record[part];
  else if (Object.hasOwn(record, part)) setKey(record, part, changed(record[part], rest, undefined));
  return record;
}
