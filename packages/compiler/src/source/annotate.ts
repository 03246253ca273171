import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { SOURCE_FACTS_KEY } from "@truss-chains/core";
import MagicString from "magic-string";
import { classFacts } from "./class-facts.ts";
import { topLevelClasses } from "./classes.ts";
import { type Program, parseModule } from "./parse-module.ts";
import { walk } from "./walk.ts";

/**
 * Prepares a source module for discovery: each class carries its facts in a static property, and `import.meta` keeps
 * naming the file it was written in, though the module runs from elsewhere.
 *
 * @throws ChainsError `SOURCE_SYNTAX`.
 */
export function annotateModule(file: string, code: string): { code: string; map: string } {
  const program = parseModule(file, code);
  const text = new MagicString(code);
  for (const found of topLevelClasses(program)) {
    const facts = JSON.stringify(classFacts(file, code, found));
    text.appendRight(
      found.node.body.start + 1,
      ` static [Symbol.for(${JSON.stringify(SOURCE_FACTS_KEY)})] = ${facts};`,
    );
  }
  pinImportMeta(program, file, text);
  return { code: text.toString(), map: text.generateMap({ source: file, hires: "boundary" }).toString() };
}

function pinImportMeta(program: Program, file: string, text: MagicString): void {
  const values: Record<string, string> = {
    url: pathToFileURL(file).href,
    filename: file,
    dirname: dirname(file),
  };
  walk(program, (node) => {
    if (node.type !== "MemberExpression" || node.object.type !== "MetaProperty" || node.computed) return;
    const value = values[node.property.name];
    if (value !== undefined && node.object.meta.name === "import")
      text.overwrite(node.start, node.end, JSON.stringify(value));
  });
}
