import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseSync } from "oxc-parser";
import { canonicalText } from "./canonical-text.ts";

/** One exported name of an entry, with the text of its declaration. */
export interface Exported {
  readonly name: string;
  /** Without comments; for a name of another package, the line that passes it on. */
  readonly text: string;
}

/** What a built `.d.ts` exports, by name, followed through re-exports to the declarations themselves. */
export function exportsOf(file: string): Exported[] {
  const { body, code } = parse(file);
  const found: Exported[] = [];
  for (const node of body) {
    if (node.type === "ExportAllDeclaration") {
      throw new Error(`${file} uses export *, which hides what is exported.`);
    }
    if (node.type === "ExportDefaultDeclaration") found.push({ name: "default", text: textOf(node, code) });
    if (node.type !== "ExportNamedDeclaration") continue;
    if (node.declaration) {
      for (const name of namesOf(node.declaration))
        found.push({ name, text: textOf(node.declaration, code) });
    }
    for (const { local, exported, exportKind } of node.specifiers) {
      const name = nameOf(exported);
      const text = node.source
        ? declarationOf(nameOf(local), node.source.value, file)
        : localDeclaration(nameOf(local), file);
      const isForeignType = exportKind === "type" && text.startsWith("export {");
      found.push({ name, text: isForeignType ? text.replace("export {", "export { type") : text });
    }
  }
  return merge(found).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function declarationOf(name: string, specifier: string, from: string): string {
  if (!specifier.startsWith(".")) return `export { ${name} } from "${specifier}";`;
  const file = resolve(dirname(from), specifier.replace(/\.[jt]s$/, ".d.ts"));
  const exported = exportsOf(file).find((one) => one.name === name);
  if (!exported) throw new Error(`${file} does not export ${name}, which ${from} passes on.`);
  return exported.text;
}

function localDeclaration(name: string, file: string): string {
  const { body, code } = parse(file);
  const texts: string[] = [];
  for (const node of body) {
    if (node.type === "ImportDeclaration") {
      const specifier = node.specifiers.find(({ local }) => local.name === name);
      if (!specifier) continue;
      const imported = specifier.type === "ImportSpecifier" ? nameOf(specifier.imported) : name;
      return declarationOf(imported, node.source.value, file);
    }
    if (namesOf(node).includes(name)) texts.push(textOf(node, code));
  }
  return texts.join("\n");
}

/** Overloads are one name with several declarations. */
function merge(found: readonly Exported[]): Exported[] {
  const texts = new Map<string, string>();
  for (const { name, text } of found) texts.set(name, texts.has(name) ? `${texts.get(name)}\n${text}` : text);
  return [...texts].map(([name, text]) => ({ name, text }));
}

type Body = ReturnType<typeof parseSync>["program"]["body"];

function parse(file: string): { body: Body; code: string } {
  const code = readFileSync(file, "utf8");
  return { body: parseSync(file, code).program.body, code };
}

function namesOf(node: Body[number]): string[] {
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  }
  return "id" in node && node.id?.type === "Identifier" ? [node.id.name] : [];
}

const nameOf = (node: { type: string; name?: string; value?: unknown }): string =>
  node.type === "Literal" ? String(node.value) : String(node.name);

function textOf(node: { start: number; end: number }, code: string): string {
  return canonicalText(code.slice(node.start, node.end));
}
