import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type MagicString from "magic-string";
import type { Program } from "./parse-module.ts";
import { walk } from "./walk.ts";

/** Has a module know itself as the file that it was written in, though it runs from elsewhere. */
export function pinPlace(program: Program, file: string, text: MagicString): void {
  const place = { filename: file, dirname: dirname(file) };
  pinImportMeta(program, { ...place, url: pathToFileURL(file).href }, text);
  pinCommonJs(program, { __filename: place.filename, __dirname: place.dirname }, text);
}

function pinImportMeta(program: Program, values: Readonly<Record<string, string>>, text: MagicString): void {
  walk(program, (node) => {
    if (node.type !== "MemberExpression" || node.object.type !== "MetaProperty" || node.computed) return;
    const value = values[node.property.name];
    if (value !== undefined && node.object.meta.name === "import")
      text.overwrite(node.start, node.end, JSON.stringify(value));
  });
}

function pinCommonJs(program: Program, values: Readonly<Record<string, string>>, text: MagicString): void {
  const [first] = program.body;
  if (!first) return;
  const used = new Set<string>();
  const declared = new Set<string>();
  walk(program, (node) => {
    if (node.type === "Identifier") used.add(node.name);
    const bound = node.type === "VariableDeclarator" ? node.id : node.local;
    if (bound?.type === "Identifier") declared.add(bound.name);
  });
  for (const [name, value] of Object.entries(values)) {
    if (used.has(name) && !declared.has(name))
      text.appendLeft(first.start, `var ${name} = ${JSON.stringify(value)}; `);
  }
}
