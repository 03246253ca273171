import type { YamlMapping, YamlNode, YamlPairNode, YamlSequence } from "../dialect/node.ts";
import { emitDoubleQuoted, emitFlow, emitSingleQuoted } from "../emit.ts";
import { indentAt, lineBreakOf, lineEnd, lineStart, nextLine, type Splice } from "../splice.ts";
import type { MigratedEntry } from "./convert.ts";

/** What the keys of an old entry are called in `weights`; keys without a name here go. */
const RENAMED: Readonly<Record<string, keyof MigratedEntry>> = {
  repo_id: "source",
  url: "source",
  volume_folder: "mount_location",
  local_data_path: "mount_location",
  runtime_secret_name: "auth_secret_name",
  allow_patterns: "allow_patterns",
  ignore_patterns: "ignore_patterns",
};

interface Role {
  readonly pair: YamlPairNode;
  /** What the pair becomes; undefined if it goes. */
  readonly target: keyof MigratedEntry | undefined;
}

/**
 * Plans how the entries of a list become entries of `weights` where they stand, so that comments and order stay.
 * Undefined where entries are written in a way that hides their keys, such as aliases.
 */
export function rewriteEntries(
  text: string,
  list: YamlSequence,
  entries: readonly MigratedEntry[],
): Splice[] | undefined {
  const splices: Splice[] = [];
  for (const [index, entry] of entries.entries()) {
    const node = list.items[index];
    if (node?.kind !== "mapping" || node.tag !== undefined || node.anchor !== undefined) return undefined;
    if (node.flow) splices.push({ start: node.start, end: node.end, text: emitFlow(entry) });
    else {
      const planned = rewriteBlockEntry(text, node, entry);
      if (!planned) return undefined;
      splices.push(...planned);
    }
  }
  return splices;
}

function rewriteBlockEntry(text: string, node: YamlMapping, entry: MigratedEntry): Splice[] | undefined {
  const roles = rolesOf(node, entry);
  const firstKept = roles.findIndex(({ target }) => target !== undefined);
  if (firstKept < 0 || roles.some(({ pair }) => !isPlainPair(pair))) return undefined;
  const splices: Splice[] = [];
  if (firstKept > 0) splices.push(...removeLeading(text, roles, firstKept));
  for (const [index, { pair, target }] of roles.entries()) {
    if (target !== undefined) splices.push(...rewritePair(text, pair, target, entry));
    else if (index > firstKept) splices.push(removeLines(text, pair));
  }
  const missing = (Object.keys(entry) as (keyof MigratedEntry)[]).filter(
    (key) => !roles.some(({ target }) => target === key),
  );
  const source = roles.find(({ target }) => target === "source");
  if (!source) return undefined;
  if (missing.length > 0) splices.push(addAfter(text, source.pair, missing, entry));
  return splices;
}

function rolesOf(node: YamlMapping, entry: MigratedEntry): Role[] {
  return node.pairs.map((pair) => {
    const name = pair.key.kind === "scalar" ? pair.key.text : "";
    const target = Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
    return { pair, target: target !== undefined && entry[target] !== undefined ? target : undefined };
  });
}

/** True if the pair says by itself what it means, and begins on the line of its key. */
function isPlainPair({ key, value }: YamlPairNode): boolean {
  const isBare = (node: YamlNode) =>
    node.kind !== "alias" && node.anchor === undefined && node.tag === undefined;
  return key.kind === "scalar" && key.text !== "<<" && isBare(key) && isBare(value);
}

function rewritePair(
  text: string,
  { key, value }: YamlPairNode,
  target: keyof MigratedEntry,
  entry: MigratedEntry,
): Splice[] {
  const splices: Splice[] = [];
  const written = text.slice(key.start, key.end);
  if (written !== target) splices.push({ start: key.start, end: key.end, text: target });
  const wanted = entry[target] as MigratedEntry[keyof MigratedEntry];
  if (value.kind === "scalar" && value.text !== wanted) {
    splices.push({ start: value.start, end: value.end, text: likeBefore(text[value.start], wanted) });
  }
  return splices;
}

function likeBefore(quote: string | undefined, value: unknown): string {
  if (quote === '"' && typeof value === "string") return emitDoubleQuoted(value);
  return quote === "'" && typeof value === "string" ? emitSingleQuoted(value) : emitFlow(value);
}

/** Keys before the first one that stays: the dash of the item remains for that one, comments go above it. */
function removeLeading(text: string, roles: readonly Role[], kept: number): Splice[] {
  const from = (roles[0] as Role).pair.key.start;
  const to = (roles[kept] as Role).pair.key.start;
  const top = lineStart(text, from);
  const comments = roles.slice(0, kept).flatMap(({ pair }) => commentsIn(text, pair));
  const indent = /^ */.exec(text.slice(top))?.[0] ?? "";
  const lines = comments.map((comment) => `${indent}${comment}${lineBreakOf(text)}`).join("");
  return [
    ...(lines === "" ? [] : [{ start: top, end: top, text: lines }]),
    { start: from, end: to, text: "" },
  ];
}

function removeLines(text: string, pair: YamlPairNode): Splice {
  const indent = indentAt(text, pair.key.start);
  const lines = commentsIn(text, pair).map((comment) => `${indent}${comment}${lineBreakOf(text)}`);
  const end = Math.max(pair.key.end, pair.value.end);
  const after = text[end - 1] === "\n" ? end : nextLine(text, end);
  return { start: lineStart(text, pair.key.start), end: after, text: lines.join("") };
}

/** The comments that would go with a pair: below its key, and behind its value. */
function commentsIn(text: string, { key, value }: YamlPairNode): string[] {
  const end = Math.max(key.end, value.end);
  const inside =
    value.kind === "scalar"
      ? []
      : text
          .slice(key.start, end)
          .split(/\r?\n/)
          .filter((line) => /^\s*#/.test(line));
  const behind = /^[^#\n]*?(#.*)$/.exec(text.slice(end, lineEnd(text, end)))?.[1];
  return [...inside.map((line) => line.trim()), ...(behind ? [behind.trim()] : [])];
}

function addAfter(
  text: string,
  { key, value }: YamlPairNode,
  names: readonly (keyof MigratedEntry)[],
  entry: MigratedEntry,
): Splice {
  const at = text[value.end - 1] === "\n" ? value.end - 1 : lineEnd(text, value.end);
  const indent = indentAt(text, key.start);
  const lines = names.map((name) => `${lineBreakOf(text)}${indent}${name}: ${emitFlow(entry[name])}`);
  return { start: at, end: at, text: lines.join("") };
}
