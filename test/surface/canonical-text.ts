import { parseSync } from "oxc-parser";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A declaration as text that is the same for the same API: without comments, and with what the compiler orders as it
 * pleases in inferred types (the members of unions and of object types) in alphabetical order.
 */
export function canonicalText(declaration: string): string {
  const plain = declaration
    .replace(/^[ \t]*\/\*\*[\s\S]*?\*\/\n?/gm, "")
    .replace(/^declare /, "")
    .replace(/\n\s*\n/g, "\n")
    .replace(/'([^'\n]*)'/g, (_, text: string) => JSON.stringify(text))
    .trim();
  const code = plain.startsWith("export default") ? plain : `declare ${plain}`;
  return render(parseSync("declaration.d.ts", code).program, code).replace(/^declare /, "");
}

function render(node: Node, code: string): string {
  const children = childrenOf(node);
  if (children.length === 0) return code.slice(node.start, node.end);
  const texts = children.map((child) => render(child, code));
  if (node.type === "TSUnionType" || node.type === "TSTypeLiteral") texts.sort();
  const gaps = children.map((child, index) =>
    code.slice(children[index - 1]?.end ?? node.start, child.start),
  );
  return gaps.map((gap, index) => gap + texts[index]).join("") + code.slice(children.at(-1)!.end, node.end);
}

function childrenOf(node: Node): Node[] {
  const values = Object.values(node).flat() as unknown[];
  const nodes = values.filter(isNode).sort((a, b) => a.start - b.start);
  // The key and the value of a shorthand property are the same place.
  return nodes.filter((child, index) => child.start !== nodes[index - 1]?.start);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value && "end" in value;
}
