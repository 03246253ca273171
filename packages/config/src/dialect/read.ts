import {
  isAlias,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { DocumentFault } from "./fault.ts";
import type { YamlMapping, YamlNode, YamlScalar, YamlSequence } from "./node.ts";

export function readTree(text: string): YamlNode | undefined {
  const documents = parseAllDocuments(text, {
    version: "1.1",
    schema: "failsafe",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  if (!Array.isArray(documents) || documents.length === 0) return undefined;
  for (const document of documents) {
    const [error] = document.errors;
    if (error) throw new DocumentFault("syntax", `${error.message}`, error.pos[0]);
  }
  if (documents.length > 1) {
    throw new DocumentFault("syntax", "The file holds more than one document.", documents[1]?.range[0] ?? 0);
  }
  const { contents } = documents[0]!;
  return contents === null ? undefined : convert(contents as Node, documents[0]!.range[0]);
}

function convert(node: Node | null | undefined, offset: number): YamlNode {
  if (node === null || node === undefined) return emptyScalar(offset);
  const [start, end] = (node.range ?? [offset, offset]) as [number, number, number];
  if (isAlias(node))
    return { kind: "alias", name: node.source, start, end, tag: undefined, anchor: undefined };
  const base = { start, end, tag: node.tag, anchor: (node as Scalar).anchor };
  if (isScalar(node)) {
    const style = node.type === "PLAIN" ? "plain" : node.type?.startsWith("BLOCK") ? "block" : "quoted";
    return { ...base, kind: "scalar", text: String(node.value ?? ""), style } satisfies YamlScalar;
  }
  if (isSeq(node)) {
    const items = (node as YAMLSeq<Node>).items.map((item) =>
      isPair(item) ? pairMap(item, start) : convert(item, start),
    );
    return { ...base, kind: "sequence", items, flow: Boolean(node.flow) } satisfies YamlSequence;
  }
  return convertMap(node as YAMLMap<Node, Node | null>, base);
}

function pairMap(pair: { key: unknown; value: unknown }, start: number): YamlNode {
  const key = convert(pair.key as Node, start);
  return {
    kind: "mapping",
    start: key.start,
    end: key.end,
    tag: undefined,
    anchor: undefined,
    flow: true,
    pairs: [{ key, value: convert(pair.value as Node, key.end) }],
  };
}

function convertMap(
  node: YAMLMap<Node, Node | null>,
  base: Omit<YamlMapping, "kind" | "pairs" | "flow">,
): YamlMapping {
  const pairs = node.items.map((pair) => {
    const key = convert(pair.key, base.start);
    return { key, value: convert(pair.value, key.end) };
  });
  return { ...base, kind: "mapping", pairs, flow: Boolean(node.flow) };
}

function emptyScalar(offset: number): YamlScalar {
  return {
    kind: "scalar",
    text: "",
    style: "plain",
    start: offset,
    end: offset,
    tag: undefined,
    anchor: undefined,
  };
}
