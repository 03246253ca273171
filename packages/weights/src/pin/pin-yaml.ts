import { isMap, isScalar, isSeq, parseDocument, type Scalar } from "yaml";
import { applyEdits, commitFor, type Pin, type PinEdit, type PinnedText, pinnedSource } from "./pin.ts";

/**
 * Replaces revisions in a config.yaml: `revision` of `model_cache` entries and `source` of `weights` entries. The rest
 * of the text, its comments and its spacing stay as they are.
 */
export function pinYaml(text: string, pins: readonly Pin[]): PinnedText {
  const document = parseDocument(text, { keepSourceTokens: true });
  const edits: PinEdit[] = [];
  const replace = (scalar: Scalar, value: string) => {
    const [start, end] = scalar.range!;
    const before = text.slice(start, end);
    const quote = /^["']/.exec(before)?.[0] ?? "";
    // The text of a block (`>-`, `|-`) goes on to the start of the next line.
    const lineBreaks = /[\r\n]*$/.exec(before)![0];
    edits.push({ start, end, before, after: `${quote}${value}${quote}${lineBreaks}` });
  };
  for (const entry of entries(document.get("model_cache"))) {
    const revision = entry("revision");
    const commit = revision && commitFor(String(entry("repo_id")?.value), String(revision.value), pins);
    if (revision && commit) replace(revision, commit);
  }
  for (const entry of entries(document.get("weights"))) {
    const source = entry("source");
    const pinned = source && pinnedSource(String(source.value), pins);
    if (source && pinned) replace(source, pinned);
  }
  return applyEdits(text, edits);
}

/** The maps of a list, as look-ups of their scalars. */
function entries(list: unknown): ((key: string) => Scalar | undefined)[] {
  if (!isSeq(list)) return [];
  return list.items.filter(isMap).map((map) => (key) => {
    const value = map.get(key, true);
    return isScalar(value) ? value : undefined;
  });
}
