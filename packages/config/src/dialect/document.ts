import { Constructor, type Remark } from "./construct.ts";
import { DocumentFault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import type { YamlNode } from "./node.ts";
import { readTree } from "./read.ts";

/** A text read as YAML 1.1. */
export interface YamlDocument {
  readonly root: YamlNode | undefined;
  readonly anchors: ReadonlyMap<string, YamlNode>;
  /** The value; null for an empty document. */
  readonly value: unknown;
  readonly remarks: readonly Remark[];
}

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
  const root = readTree(text);
  const anchors = new Map<string, YamlNode>();
  if (!root) return { root, anchors, value: null, remarks: [] };
  collectAnchors(root, anchors, 0);
  const builder = new Constructor(anchors);
  const value = builder.construct(root);
  return { root, anchors, value, remarks: builder.remarks };
}

function collectAnchors(node: YamlNode, anchors: Map<string, YamlNode>, depth: number): void {
  if (depth > LIMITS.depth) {
    throw new DocumentFault(
      "limit",
      `The file nests deeper than ${LIMITS.depth} levels.`,
      node.start,
      "Make it flatter.",
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
  if (node.kind === "sequence") for (const item of node.items) collectAnchors(item, anchors, depth + 1);
  if (node.kind === "mapping") {
    for (const { key, value } of node.pairs) {
      collectAnchors(key, anchors, depth + 1);
      collectAnchors(value, anchors, depth + 1);
    }
  }
}
