import { isDeepStrictEqual } from "node:util";
import { ChainsError } from "@truss-chains/errors";
import type { YamlNode, YamlPairNode, YamlSequence } from "../dialect/node.ts";
import { Surgery } from "../edit/surgery.ts";
import { emitItem } from "../emit.ts";
import { type ParseOptions, readConfigDocument } from "../read.ts";
import { isRecord, type PlainRecord } from "../record.ts";
import { applySplices, lineBreakOf, lineEnd, lineStart, nextLine, type Splice } from "../splice.ts";
import type { Plan, RootedDocument } from "./migrate.ts";
import { rewriteEntries } from "./rewrite.ts";
import { removeTransferTool, withoutTransferTool } from "./start-command.ts";

/** The new text, made by rewriting entries in place, or by writing the list anew where that does not work. */
export function migrateText(
  text: string,
  document: RootedDocument,
  plan: Plan,
  raw: PlainRecord,
  options: ParseOptions,
): { yaml: string; lostComments: boolean } {
  const expected = expectedValue(raw, plan);
  const inPlace = planInPlace(text, document, plan);
  const attempts = [
    { splices: inPlace, lostComments: false },
    { splices: planAnew(text, document, plan), lostComments: true },
  ];
  for (const { splices, lostComments } of attempts) {
    if (!splices) continue;
    const yaml = applySplices(text, [...splices, ...cleanedCommand(text, document, plan)]);
    if (readsAs(yaml, expected, options)) return { yaml, lostComments };
  }
  throw new ChainsError("CONFIG_EDIT_IMPOSSIBLE", "The config cannot be migrated in place.", {
    fix: "Write `weights` by hand, or write the entries without aliases first.",
    ...(options.file !== undefined && { location: { file: options.file } }),
  });
}

function readsAs(yaml: string, expected: PlainRecord, options: ParseOptions): boolean {
  try {
    return isDeepStrictEqual(readConfigDocument(yaml, options).value, expected);
  } catch (error) {
    if (error instanceof ChainsError) return false;
    throw error;
  }
}

function expectedValue(raw: PlainRecord, plan: Plan): PlainRecord {
  const { model_cache: _cache, external_data: _data, ...rest } = raw;
  if (plan.cacheKey === "hf_cache") delete rest.hf_cache;
  const server = rest.docker_server;
  if (plan.cacheKey && isRecord(server) && typeof server.start_command === "string") {
    rest.docker_server = { ...server, start_command: withoutTransferTool(server.start_command) };
  }
  return { ...rest, weights: [...plan.cached, ...plan.external] };
}

function cleanedCommand(text: string, { root }: RootedDocument, plan: Plan): Splice[] {
  const server = plan.cacheKey && pairNamed(root, "docker_server")?.value;
  const command = server && pairNamed(server, "start_command")?.value;
  const splice = command && removeTransferTool(text, command);
  return splice ? [splice] : [];
}

function pairNamed(node: YamlNode, name: string): YamlPairNode | undefined {
  if (node.kind !== "mapping") return undefined;
  return node.pairs.findLast(({ key }) => key.kind === "scalar" && key.text === name);
}

/** Top-level keys that go: empty leftovers, and the list whose entries move to the other one. */
function removals(text: string, document: RootedDocument, names: readonly string[]): Splice[] {
  const { root } = document;
  const surgery = new Surgery(text, root);
  return root.pairs.flatMap(({ key }, index) =>
    key.kind === "scalar" && names.includes(key.text) ? [surgery.removePair(root, index, true)] : [],
  );
}

function leftovers(plan: Plan): string[] {
  return [
    "weights",
    ...(plan.cacheKey === "model_cache" ? [] : ["model_cache"]),
    ...(plan.hasExternalData ? [] : ["external_data"]),
  ];
}

function planInPlace(text: string, document: RootedDocument, plan: Plan): Splice[] | undefined {
  if (document.root.flow) return undefined;
  const cache = plan.cacheKey && pairNamed(document.root, plan.cacheKey);
  const data = plan.hasExternalData ? pairNamed(document.root, "external_data") : undefined;
  const main = cache ?? data;
  if (main?.value.kind !== "sequence") return undefined;
  const entries = cache ? plan.cached : plan.external;
  const rewritten = rewriteEntries(text, main.value, entries);
  if (!rewritten) return undefined;
  const splices = [
    ...removals(text, document, leftovers(plan)),
    { start: main.key.start, end: main.key.end, text: "weights" },
    ...rewritten,
  ];
  if (!cache || !data) return splices;
  const moved = moveEntries(text, main.value, data, plan);
  return moved && [...splices, ...moved];
}

/** Moves the entries of `external_data`, with their comments, behind those of `model_cache`. */
function moveEntries(text: string, into: YamlSequence, from: YamlPairNode, plan: Plan): Splice[] | undefined {
  const last = into.items.at(-1);
  const source = from.value;
  if (!last || source.kind !== "sequence" || into.flow) return undefined;
  const rewritten = rewriteEntries(text, source, plan.external);
  if (!rewritten) return undefined;
  const indent = dashIndent(text, into);
  const start = lineStart(text, from.key.start);
  const bodyStart = nextLine(text, from.key.start);
  const end = afterNode(text, source);
  const at = afterNode(text, last);
  const lead = at === text.length && !text.endsWith("\n") ? lineBreakOf(text) : "";
  const lines = source.flow
    ? plan.external.map((entry) => emitItem(entry, indent, { sortKeys: false, listIndent: 0 })).join("")
    : reindent(movedBody(text, bodyStart, end, rewritten), dashIndent(text, source), indent);
  return [
    { start: at, end: at, text: lead + commentOnKey(text, from, indent) + lines },
    { start, end, text: "" },
  ];
}

function movedBody(text: string, start: number, end: number, splices: readonly Splice[]): string {
  const body = applySplices(
    text.slice(start, end),
    splices.map((splice) => ({ ...splice, start: splice.start - start, end: splice.end - start })),
  );
  return body.endsWith("\n") ? body : body + lineBreakOf(text);
}

function commentOnKey(text: string, { key }: YamlPairNode, indent: string): string {
  const comment = /^\s*:\s*(#.*)$/.exec(text.slice(key.end, lineEnd(text, key.end)))?.[1];
  return comment ? `${indent}${comment}${lineBreakOf(text)}` : "";
}

function dashIndent(text: string, list: YamlSequence): string {
  const first = list.items[0]?.start ?? list.start;
  const dash = text.lastIndexOf("-", first);
  return " ".repeat(Math.max(0, dash - lineStart(text, dash)));
}

function reindent(lines: string, from: string, to: string): string {
  return lines.replace(
    /^( *)(?=[^\r\n ])/gm,
    (blanks) => to + blanks.slice(Math.min(from.length, blanks.length)),
  );
}

function afterNode(text: string, node: YamlNode): number {
  return text[node.end - 1] === "\n" ? node.end : nextLine(text, node.end);
}

/** Writes the whole list anew. */
function planAnew(text: string, document: RootedDocument, plan: Plan): Splice[] | undefined {
  const { root } = document;
  const name = plan.cacheKey ?? "external_data";
  const pair = pairNamed(root, name);
  if (!pair) return undefined;
  const others = plan.cacheKey && plan.hasExternalData ? ["external_data"] : [];
  const weights = [...plan.cached, ...plan.external];
  return [
    ...removals(text, document, [...leftovers(plan), ...others]),
    { start: pair.key.start, end: pair.key.end, text: "weights" },
    ...new Surgery(text, root).replace(pair.value, weights, pair.key, root.flow),
  ];
}
