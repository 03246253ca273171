import { ChainsError } from "@truss-chains/errors";
import { applyEdits, commitFor, type Pin, type PinEdit, type PinnedText, pinnedSource } from "./pin.ts";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/**
 * Replaces revisions in TypeScript source: the `revision` beside a `repoId` in one object, and `hf://` addresses.
 * Only string literals are touched, not what a name or an expression stands for; quotes and everything else stay as they are.
 *
 * @throws ChainsError `SOURCE_SYNTAX`
 */
export async function pinTypeScript(text: string, file: string, pins: readonly Pin[]): Promise<PinnedText> {
  // Only this command needs a parser.
  const { parseSync } = await import("oxc-parser");
  const { program, errors } = parseSync(file, text);
  const error = errors.find(({ severity }) => severity === "Error");
  if (error !== undefined) {
    throw new ChainsError("SOURCE_SYNTAX", `${file} does not parse: ${error.message}`, {
      fix: "Correct it first.",
      location: { file },
    });
  }
  const edits: PinEdit[] = [];
  const replace = (literal: Node, value: string) => {
    // Inside the quotes, whichever they are.
    const [start, end] = [literal.start + 1, literal.end - 1];
    edits.push({ start, end, before: text.slice(start, end), after: value });
  };
  visit(program as unknown as Node, (node) => {
    const source = stringValue(node);
    const pinned = source === undefined ? undefined : pinnedSource(source, pins);
    if (pinned !== undefined) replace(node, pinned);
    if (node.type !== "ObjectExpression") return;
    const repoId = property(node, "repoId");
    const revision = property(node, "revision");
    if (repoId === undefined || revision === undefined) return;
    const commit = commitFor(stringValue(repoId) ?? "", stringValue(revision) ?? "", pins);
    if (commit !== undefined) replace(revision, commit);
  });
  return applyEdits(text, edits);
}

function property(object: Node, name: string): Node | undefined {
  for (const member of object.properties as readonly Node[]) {
    const key = member.key as Node | undefined;
    const keyName = key?.type === "Identifier" ? key.name : key?.value;
    const value = member.value as Node | undefined;
    if (keyName === name && value !== undefined && stringValue(value) !== undefined) return value;
  }
  return undefined;
}

function stringValue(node: Node): string | undefined {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  // Backticks around text alone.
  const quasis = node.type === "TemplateLiteral" ? (node.quasis as readonly Node[]) : [];
  return quasis.length === 1 ? (quasis[0]!.value as { cooked: string }).cooked : undefined;
}

function visit(node: Node, on: (node: Node) => void): void {
  on(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && typeof child.type === "string") visit(child, on);
    }
  }
}
