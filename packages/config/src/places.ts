import type { Location } from "@truss-chains/errors";
import type { YamlMapping, YamlNode, YamlPairNode } from "./dialect/node.ts";

type Path = readonly (string | number)[];

/** Finds the lines and columns of a document's parts. */
export class Places {
  private readonly text: string;
  private readonly root: YamlNode | undefined;
  private readonly file: string | undefined;
  private readonly anchors: ReadonlyMap<string, YamlNode>;
  private lineStarts: number[] | undefined;
  /** The pairs of mappings by their keys, made when asked for: a file may have a problem on each of many lines. */
  private readonly pairs = new Map<YamlMapping, ReadonlyMap<string, YamlPairNode>>();

  constructor(
    text: string,
    root: YamlNode | undefined,
    anchors: ReadonlyMap<string, YamlNode>,
    file: string | undefined,
  ) {
    this.text = text;
    this.root = root;
    this.anchors = anchors;
    this.file = file;
  }

  /** The place of the value at a path; of its nearest parent where the document has no such value. */
  ofPath(path: Path): Location {
    return { ...this.ofOffset(this.offsetOf(path)), path };
  }

  /** The place of an offset. */
  ofOffset(offset: number): Location {
    this.lineStarts ??= startsOfLines(this.text);
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const line = low + 1;
    const column = Math.max(0, offset - (starts[low] as number)) + 1;
    return this.file === undefined ? { line, column } : { file: this.file, line, column };
  }

  private offsetOf(path: Path): number {
    let node = this.root;
    let offset = node?.start ?? 0;
    for (const part of path) {
      if (node?.kind === "alias") node = this.anchors.get(node.name);
      const next = node && this.step(node, part);
      if (!next) break;
      node = next.value;
      // Of an empty value the key is the better place; so it is of a mapping or list that begins on a later line.
      offset = next.key && (isEmpty(node) || isBlockCollection(node)) ? next.key.start : node.start;
    }
    return offset;
  }

  private step(node: YamlNode, part: string | number): { key?: YamlNode; value: YamlNode } | undefined {
    if (node.kind === "sequence") {
      const value = typeof part === "number" ? node.items[part] : undefined;
      return value && { value };
    }
    if (node.kind !== "mapping") return undefined;
    const pairs = this.pairs.get(node) ?? pairsByKey(node);
    this.pairs.set(node, pairs);
    return pairs.get(String(part));
  }
}

/** The pairs with a scalar as their key; of equal keys the last, which is the one that counts. */
function pairsByKey({ pairs }: YamlMapping): ReadonlyMap<string, YamlPairNode> {
  const byKey = new Map<string, YamlPairNode>();
  for (const pair of pairs) if (pair.key.kind === "scalar") byKey.set(pair.key.text, pair);
  return byKey;
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === "scalar" && node.start === node.end;
}

function isBlockCollection(node: YamlNode): boolean {
  return (node.kind === "mapping" || node.kind === "sequence") && !node.flow;
}

function startsOfLines(text: string): number[] {
  // A byte order mark has no column.
  const starts = [text.startsWith("\uFEFF") ? 1 : 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a)) starts.push(at + 1);
  }
  return starts;
}
