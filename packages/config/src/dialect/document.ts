import { Constructor, type Remark } from "./construct.ts";
import { DocumentFault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import type { YamlNode } from "./node.ts";
import { Scanner } from "./scan/scanner.ts";
import { TreeBuilder } from "./tree.ts";

/** A text read as YAML 1.1. */
export interface YamlDocument {
  readonly root: YamlNode | undefined;
  readonly anchors: ReadonlyMap<string, YamlNode>;
  /** The value; null for an empty document. */
  readonly value: unknown;
  readonly remarks: readonly Remark[];
}

const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Reads a text as the Truss loader does. Throws a `DocumentFault`. */
export function readDocument(text: string): YamlDocument {
  if (text.length > LIMITS.length) {
    throw new DocumentFault(
      "limit",
      `The file is longer than ${LIMITS.length} characters.`,
      0,
      "Make it smaller.",
    );
  }
  const unprintable = UNPRINTABLE.exec(text);
  if (unprintable) {
    const code = unprintable[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    throw new DocumentFault(
      "syntax",
      `The character U+${code} cannot stand in a file.`,
      unprintable.index,
      "Remove it.",
    );
  }
  const root = new TreeBuilder(new Scanner(text).scan()).build();
  const anchors = new Map<string, YamlNode>();
  if (!root) return { root, anchors, value: null, remarks: [] };
  collectAnchors(root, anchors);
  const builder = new Constructor(anchors);
  const value = builder.construct(root);
  return { root, anchors, value, remarks: builder.remarks };
}

/** Finds the anchors in the order of the text, and refuses aliases that come before theirs. */
function collectAnchors(node: YamlNode, anchors: Map<string, YamlNode>): void {
  if (node.kind === "alias" && !anchors.has(node.name)) {
    throw new DocumentFault(
      "syntax",
      `The alias *${node.name} has no anchor before it.`,
      node.start,
      "Put it in quotes.",
    );
  }
  if (node.anchor !== undefined) {
    if (anchors.has(node.anchor)) {
      throw new DocumentFault(
        "syntax",
        `The anchor &${node.anchor} is defined twice.`,
        node.start,
        "Rename one.",
      );
    }
    anchors.set(node.anchor, node);
  }
  if (node.kind === "sequence") for (const item of node.items) collectAnchors(item, anchors);
  if (node.kind === "mapping") {
    for (const { key, value } of node.pairs) {
      collectAnchors(key, anchors);
      collectAnchors(value, anchors);
    }
  }
}
