import { setKey } from "../record.ts";
import { readBase64 } from "./base64.ts";
import { DocumentFault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import type { YamlMapping, YamlNode, YamlPairNode, YamlScalar } from "./node.ts";
import { implicitType, readFloat, readInt, readTimestamp } from "./resolve.ts";
import { YamlBytes, YamlFloat, YamlMap, YamlPair, YamlSet, YamlTimestamp } from "./values.ts";

const PREFIX = "tag:yaml.org,2002:";

export type DocumentPath = readonly (string | number)[];

/** Something about the document, not about what it says. */
export interface Remark {
  readonly kind: "duplicate-key" | "merge-key";
  readonly path: DocumentPath;
  readonly key: string;
  /** Where it is; for a duplicate the later of the two. */
  readonly offset: number;
  /** For a duplicate: where the first one is. */
  readonly firstOffset?: number;
}

/** Turns a tree into values: resolves types, aliases and merge keys. The last of two equal keys wins. */
export class Constructor {
  readonly remarks: Remark[] = [];
  private readonly anchors: ReadonlyMap<string, YamlNode>;
  private readonly open = new Set<YamlNode>();
  private readonly path: (string | number)[] = [];
  private budget: number = LIMITS.values;

  constructor(anchors: ReadonlyMap<string, YamlNode>) {
    this.anchors = anchors;
  }

  construct(node: YamlNode): unknown {
    const target = this.dereference(node);
    this.spend(target);
    if (target.kind === "scalar" && target.tag === undefined) return buildScalar(tagOf(target), target);
    // Only what has an anchor can hold itself. An alias repeats a value: its size counts each time, which bounds a bomb.
    if (target.anchor === undefined) return this.build(target);
    if (this.open.has(target)) {
      throw new DocumentFault("syntax", "The value contains itself.", node.start, "Remove the alias.");
    }
    this.open.add(target);
    const value = this.build(target);
    this.open.delete(target);
    return value;
  }

  private constructAt(part: string | number, node: YamlNode): unknown {
    this.path.push(part);
    const value = this.construct(node);
    this.path.pop();
    return value;
  }

  private spend(node: YamlNode): void {
    this.budget -= 1;
    if (this.budget >= 0) return;
    throw new DocumentFault(
      "limit",
      `The document has more than ${LIMITS.values} values once its aliases are followed.`,
      node.start,
      "Make it smaller, or repeat less with aliases.",
    );
  }

  private dereference(node: YamlNode): YamlNode {
    if (node.kind !== "alias") return node;
    // The anchors were checked when they were collected.
    return this.anchors.get(node.name) as YamlNode;
  }

  private build(node: YamlNode): unknown {
    const tag = tagOf(node);
    switch (tag) {
      case "map":
        return this.buildMapping(asMapping(node));
      case "seq":
        return asSequence(node).map((item, index) => this.constructAt(index, item));
      case "set":
        return new YamlSet(this.entries(asMapping(node)).map(([key]) => key));
      case "omap":
      case "pairs":
        return asSequence(node).map((item) => this.buildPair(this.dereference(item)));
      default:
        return buildScalar(tag, this.asScalar(node));
    }
  }

  private asScalar(node: YamlNode): YamlScalar {
    if (node.kind === "scalar") return node;
    // `{=: text}` may stand for its text; YAML 1.1 calls it the default key.
    const preset = node.kind === "mapping" ? node.pairs.find(({ key }) => tagOf(key) === "value") : undefined;
    if (preset) return this.asScalar(this.dereference(preset.value));
    throw new DocumentFault("syntax", "The tag does not fit: it wants a single value here.", node.start);
  }

  private buildPair(node: YamlNode): YamlPair {
    const [pair, ...more] = asMapping(node).pairs;
    if (!pair || more.length > 0)
      throw new DocumentFault("syntax", "Expected exactly one key here.", node.start);
    return new YamlPair(this.construct(pair.key), this.construct(pair.value));
  }

  private buildMapping(node: YamlMapping): unknown {
    return node.pairs.every(({ key }) => isTextKey(key))
      ? this.buildRecord(node)
      : this.buildAnyMapping(node);
  }

  /** Nearly all mappings: their keys are text as it stands, so that their object itself tells which are there twice. */
  private buildRecord(node: YamlMapping): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (const { key, value } of node.pairs) {
      this.spend(key);
      const { text } = key as YamlScalar;
      setKey(record, text, this.constructAt(text, value));
    }
    if (Object.keys(record).length < node.pairs.length) this.remarkDuplicates(node);
    return record;
  }

  private remarkDuplicates(node: YamlMapping): void {
    const seen = new Map<string, YamlNode>();
    for (const { key } of node.pairs) {
      const { text } = key as YamlScalar;
      const earlier = seen.get(text);
      if (earlier) this.remarkDuplicate(key, earlier, text);
      seen.set(text, key);
    }
  }

  private buildAnyMapping(node: YamlMapping): unknown {
    const entries = this.entries(node);
    const record: Record<string, unknown> = {};
    for (const [key, value] of entries) {
      if (typeof key !== "string") return new YamlMap(entries);
      setKey(record, key, value);
    }
    return record;
  }

  /** The entries of a mapping, each key once, merged ones first. */
  private entries(node: YamlMapping): [unknown, unknown][] {
    const pairs = node.pairs.some(({ key }) => isMergeKey(key)) ? this.flatten(node, []) : node.pairs;
    // Merged pairs come first. To write one of their keys again is no mistake.
    const firstOwn = pairs.length - node.pairs.filter(({ key }) => !isMergeKey(key)).length;
    const entries: [unknown, unknown][] = [];
    const seen = new Map<unknown, { origin: number; key: YamlNode; readonly entry: [unknown, unknown] }>();
    for (const [index, pair] of pairs.entries()) {
      const name = this.constructKey(pair.key);
      const id = keyIdentity(name);
      const earlier = seen.get(id);
      if (earlier && earlier.origin >= firstOwn) this.remarkDuplicate(pair.key, earlier.key, keyPart(name));
      const value = this.constructAt(keyPart(name), pair.value);
      if (earlier) {
        earlier.origin = index;
        earlier.key = pair.key;
        earlier.entry[1] = value;
        continue;
      }
      const entry: [unknown, unknown] = [name, value];
      entries.push(entry);
      seen.set(id, { origin: index, key: pair.key, entry });
    }
    return entries;
  }

  private remarkDuplicate(key: YamlNode, first: YamlNode, name: string): void {
    const path = [...this.path, name];
    this.remarks.push({
      kind: "duplicate-key",
      path,
      key: name,
      offset: key.start,
      firstOffset: first.start,
    });
  }

  private constructKey(node: YamlNode): unknown {
    const key = this.construct(node);
    if (typeof key === "string") return key;
    if (Array.isArray(key) || key instanceof YamlSet || key instanceof YamlMap || isPlainObject(key)) {
      const message = "A key cannot be a list or a mapping.";
      throw new DocumentFault("syntax", message, node.start, "Use text as the key.");
    }
    return key;
  }

  /** The pairs of a mapping after those that it merges, of which the first in a list win. */
  private flatten(node: YamlMapping, within: readonly YamlNode[]): YamlPairNode[] {
    if (within.includes(node)) throw new DocumentFault("syntax", "The mapping merges itself.", node.start);
    const merged: YamlPairNode[] = [];
    for (const { key, value } of node.pairs) {
      if (!isMergeKey(key)) continue;
      this.remarks.push({ kind: "merge-key", path: [...this.path], key: "<<", offset: key.start });
      const source = this.dereference(value);
      const sources =
        source.kind === "sequence" ? source.items.map((item) => this.dereference(item)).reverse() : [source];
      for (const part of sources) {
        if (part.kind !== "mapping") {
          throw new DocumentFault("syntax", "Only mappings, or a list of them, can be merged.", value.start);
        }
        for (const pair of this.flatten(part, [...within, node])) {
          this.spend(pair.key);
          merged.push(pair);
        }
      }
    }
    return [...merged, ...node.pairs.filter(({ key }) => !isMergeKey(key))];
  }
}

/** True for a key that is text and needs no conversion. */
function isTextKey(key: YamlNode): boolean {
  return (
    key.kind === "scalar" &&
    key.tag === undefined &&
    (key.style !== "plain" || implicitType(key.text) === "str")
  );
}

function isMergeKey(key: YamlNode): boolean {
  return (
    key.kind === "scalar" &&
    (key.tag === undefined ? key.text === "<<" && key.style === "plain" : tagOf(key) === "merge")
  );
}

function isPlainObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Keys that Python finds equal are one key: `1`, `1.0` and `true`. */
function keyIdentity(key: unknown): unknown {
  if (typeof key === "string") return key;
  if (typeof key === "boolean") return key ? 1 : 0;
  if (key instanceof YamlFloat) return key.value;
  if (key instanceof YamlTimestamp) return `\0date ${key.toPython()}`;
  if (key instanceof YamlBytes) return `\0bytes ${key.bytes.join()}`;
  return key;
}

function keyPart(key: unknown): string {
  return typeof key === "string" ? key : String(key);
}

/** The short name of a node's type; of foreign tags the whole tag. */
function tagOf(node: YamlNode): string {
  const { tag } = node;
  if (tag === "!" && node.kind === "scalar") return implicitType(node.text);
  if (tag !== undefined && tag !== "!") return tag.startsWith(PREFIX) ? tag.slice(PREFIX.length) : tag;
  if (node.kind === "mapping") return "map";
  if (node.kind === "sequence") return "seq";
  if (node.kind === "alias") return "alias";
  return node.style === "plain" ? implicitType(node.text) : "str";
}

function asMapping(node: YamlNode): YamlMapping {
  if (node.kind === "mapping") return node;
  throw new DocumentFault("syntax", "The tag does not fit: it wants a mapping here.", node.start);
}

function asSequence(node: YamlNode): readonly YamlNode[] {
  if (node.kind === "sequence") return node.items;
  throw new DocumentFault("syntax", "The tag does not fit: it wants a list here.", node.start);
}

const WORDS: Readonly<Record<string, boolean>> = {
  yes: true,
  no: false,
  true: true,
  false: false,
  on: true,
  off: false,
};

function buildScalar(tag: string, node: YamlScalar): unknown {
  const { text } = node;
  switch (tag) {
    case "str":
      return text;
    case "null":
      return null;
    case "bool":
      return fitting(WORDS[text.toLowerCase()], node, "a boolean");
    case "int":
      return fitting(readInt(text), node, "a whole number");
    case "float":
      return fitting(readFloat(text), node, "a number");
    case "timestamp":
      return fitting(readTimestamp(text), node, "a date");
    case "binary":
      return new YamlBytes(fitting(readBase64(text), node, "base64"));
    case "merge":
    case "value":
      throw new DocumentFault(
        "syntax",
        `\`${text}\` has a special meaning in YAML 1.1.`,
        node.start,
        "Put it in quotes.",
      );
    default:
      throw new DocumentFault("syntax", `The tag ${tag} is unknown.`, node.start, "Remove it.");
  }
}

function fitting<T>(value: T | undefined, node: YamlScalar, what: string): T {
  if (value !== undefined) return value;
  const shown = JSON.stringify(node.text.slice(0, 40));
  throw new DocumentFault(
    "syntax",
    `${shown} is not ${what} that can be read.`,
    node.start,
    "Put it in quotes.",
  );
}
