import type { YamlMapping, YamlNode, YamlSequence } from "../dialect/node.ts";
import {
  type EmitStyle,
  emitAfterKey,
  emitDoubleQuoted,
  emitFlow,
  emitItem,
  emitPair,
  emitSingleQuoted,
} from "../emit.ts";
import { isRecord } from "../record.ts";
import { indentAt, lineBreakOf, lineEnd, lineStart, nextLine, type Splice } from "../splice.ts";

/** Plans changes of a YAML text that touch nothing but what they change. */
export class Surgery {
  private readonly text: string;
  private readonly lineBreak: string;
  private readonly style: EmitStyle;

  constructor(text: string, root: YamlNode | undefined) {
    this.text = text;
    this.lineBreak = lineBreakOf(text);
    this.style = { sortKeys: false, listIndent: root ? (listIndentIn(text, root) ?? 0) : 0 };
  }

  /** A new first line of an empty document. */
  begin(key: string, value: unknown): Splice {
    const at = this.text.length;
    const lead = at > 0 && !this.text.endsWith("\n") ? "\n" : "";
    return this.splice(at, at, lead + emitPair(key, value, "", this.style));
  }

  /** Puts another value in the place of `node`, the value of `key` or an item of a list. */
  replace(node: YamlNode, value: unknown, key: YamlNode | undefined, inFlow: boolean): Splice[] {
    const isCollection = isFilled(value);
    const spansLines = key !== undefined && this.text.slice(key.end, node.start).includes("\n");
    if (!isCollection && !spansLines && !isBlock(node)) {
      const blank = node.start === node.end && this.text[node.start - 1] !== " " ? " " : "";
      return [this.splice(node.start, node.end, blank + this.inline(node, value))];
    }
    if (inFlow || key === undefined) return [this.splice(node.start, node.end, emitFlow(value))];
    return this.replaceBelow(key, node, value);
  }

  /** Writes the value anew after `key:`, and keeps a comment that stands on that line. */
  private replaceBelow(key: YamlNode, node: YamlNode, value: unknown): Splice[] {
    const colon = this.text.indexOf(":", key.end) + 1;
    const [first = "", ...rest] = emitAfterKey(value, indentAt(this.text, key.start), this.style).split(
      /(?<=\n)/,
    );
    const head = first.replace(/\n$/, "");
    const below = rest.join("");
    const sameLine = !this.text.slice(key.end, node.start).includes("\n");
    const firstLineEnd = lineEnd(this.text, colon);
    const from = nextLine(this.text, colon);
    const to = Math.max(from, sameLine && node.end <= firstLineEnd ? from : this.afterNode(node));
    const gone = sameLine
      ? this.splice(colon, Math.min(node.end, firstLineEnd), head)
      : this.splice(colon, colon, head);
    const needsBreak = below !== "" && from === this.text.length && !this.text.endsWith("\n");
    return [gone, this.splice(from, to, needsBreak ? `\n${below}` : below)];
  }

  /** Adds a key at the end of a mapping. */
  insert(mapping: YamlMapping, key: string, value: unknown): Splice {
    const last = mapping.pairs.at(-1);
    if (mapping.flow) {
      const pair = `${emitFlow(key)}: ${emitFlow(value)}`;
      return this.insertInFlow(
        mapping,
        last && (last.value.end > last.key.end ? last.value : last.key),
        pair,
      );
    }
    const indent = indentAt(this.text, (last ?? { key: mapping }).key.start);
    return this.insertLines(
      this.afterPair(mapping, mapping.pairs.length - 1),
      emitPair(key, value, indent, this.style),
    );
  }

  /** Adds an item at the end of a list. */
  append(list: YamlSequence, value: unknown): Splice {
    const last = list.items.at(-1);
    if (list.flow || !last) return this.insertInFlow(list, last, emitFlow(value));
    const indent = indentAt(this.text, this.dashOf(last));
    return this.insertLines(this.afterNode(last), emitItem(value, indent, this.style));
  }

  /** Takes a key and its value away. The last one of a mapping leaves `{}`. */
  removePair(mapping: YamlMapping, index: number, isRoot: boolean): Splice {
    const pair = mapping.pairs[index] as YamlMapping["pairs"][number];
    if (mapping.flow)
      return this.removeInFlow(
        mapping.pairs.map(({ key, value }) => ({ start: key.start, end: Math.max(key.end, value.end) })),
        index,
      );
    const next = mapping.pairs[index + 1];
    if (mapping.pairs.length === 1 && !isRoot) return this.splice(pair.key.start, this.pairEnd(pair), "{}");
    const start = lineStart(this.text, pair.key.start);
    // The first key of a list's item shares its line with the dash, which stays for the next key.
    if (this.text.slice(start, pair.key.start).trim() !== "" && next)
      return this.splice(pair.key.start, next.key.start, "");
    return this.splice(start, this.afterPair(mapping, index), "");
  }

  /** Takes an item of a list away, the value of `key` or an item itself. The last one leaves `[]`. */
  removeItem(list: YamlSequence, index: number, key: YamlNode | undefined): Splice {
    const item = list.items[index] as YamlNode;
    if (list.flow) return this.removeInFlow(list.items, index);
    const dash = this.dashOf(item);
    if (list.items.length === 1) {
      // Dashes may stand right below the key, brackets may not.
      const isBelowKey = key !== undefined && indentAt(this.text, dash) === indentAt(this.text, key.start);
      return this.splice(dash, item.end, isBelowKey ? "  []" : "[]");
    }
    const next = list.items[index + 1];
    const start = lineStart(this.text, dash);
    if (this.text.slice(start, dash).trim() !== "" && next) return this.splice(dash, this.dashOf(next), "");
    return this.splice(start, this.afterNode(item), "");
  }

  private splice(start: number, end: number, text: string): Splice {
    return { start, end, text: text.replaceAll("\n", this.lineBreak) };
  }

  private inline(old: YamlNode, value: unknown): string {
    if (typeof value === "string" && old.kind === "scalar" && old.style === "quoted") {
      return this.text[old.start] === "'" ? emitSingleQuoted(value) : emitDoubleQuoted(value);
    }
    return emitFlow(value);
  }

  private insertLines(at: number, lines: string): Splice {
    const needsBreak = at === this.text.length && at > 0 && !this.text.endsWith("\n");
    return this.splice(at, at, needsBreak ? `\n${lines.replace(/\n$/, "")}` : lines);
  }

  private insertInFlow(collection: YamlNode, last: YamlNode | undefined, text: string): Splice {
    if (!last)
      return this.splice(
        collection.start,
        collection.end,
        this.text[collection.start] === "[" ? `[${text}]` : `{${text}}`,
      );
    return this.splice(last.end, last.end, `, ${text}`);
  }

  private removeInFlow(items: readonly { start: number; end: number }[], index: number): Splice {
    const { start, end } = items[index] as { start: number; end: number };
    const before = items[index - 1];
    const after = items[index + 1];
    if (before) return this.splice(before.end, end, "");
    return this.splice(start, after ? after.start : end, "");
  }

  private pairEnd({ key, value }: YamlMapping["pairs"][number]): number {
    // An empty value ends at its colon.
    return Math.max(value.end, value.start === value.end ? this.text.indexOf(":", key.end) + 1 : 0);
  }

  private afterPair(mapping: YamlMapping, index: number): number {
    const pair = mapping.pairs[index];
    return pair ? this.afterOffset(this.pairEnd(pair)) : mapping.end;
  }

  private afterNode(node: YamlNode): number {
    return this.afterOffset(node.end);
  }

  /** The start of the line after the one on which something ends; blocks of text may end with their last line. */
  private afterOffset(end: number): number {
    return end > 0 && this.text[end - 1] === "\n" ? end : nextLine(this.text, end);
  }

  private dashOf(item: YamlNode): number {
    return this.text.lastIndexOf("-", item.start > 0 ? item.start - 1 : 0);
  }
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0;
}

function isBlock(node: YamlNode): boolean {
  if (node.kind === "scalar") return node.style === "block";
  return node.kind !== "alias" && !node.flow;
}

/** How far the first list that stands below a key is indented. */
function listIndentIn(text: string, node: YamlNode): number | undefined {
  if (node.kind === "sequence") {
    for (const item of node.items) {
      const found = listIndentIn(text, item);
      if (found !== undefined) return found;
    }
  }
  if (node.kind !== "mapping" || node.flow) return undefined;
  for (const { key, value } of node.pairs) {
    if (value.kind === "sequence" && !value.flow) {
      const width = (offset: number) => offset - lineStart(text, offset);
      const dash = text.lastIndexOf("-", value.items[0]?.start ?? value.start);
      return Math.max(0, width(dash) - width(key.start));
    }
    const found = listIndentIn(text, value);
    if (found !== undefined) return found;
  }
  return undefined;
}
