import type MagicString from "magic-string";
import { FACADES } from "../source/facade-imports.ts";
import type { Program } from "../source/parse-module.ts";

/**
 * Imports `to` from the SDK where `from` is imported, in its place unless that is still needed. Nothing happens where
 * `from` is not imported by name: `chains.ModelRepo` needs no import.
 */
export function renameImport(
  program: Program,
  text: MagicString,
  from: string,
  to: string,
  keep: boolean,
): void {
  const specifiers = program.body.flatMap((statement): any[] =>
    statement.type === "ImportDeclaration" && FACADES.has(statement.source.value) ? statement.specifiers : [],
  );
  const named = (name: string): any => specifiers.find((specifier) => specifier.imported?.name === name);
  const old = named(from);
  if (!old) return;
  const alreadyThere = specifiers.some(({ imported, local }) => imported?.name === to && local.name === to);
  if (keep) {
    if (!alreadyThere) text.appendLeft(old.end, `, ${to}`);
  } else if (!alreadyThere) {
    text.overwrite(old.start, old.end, to);
  } else {
    const index = specifiers.indexOf(old);
    const next = specifiers[index + 1];
    const previous = specifiers[index - 1];
    if (next) text.remove(old.start, next.start);
    else if (previous) text.remove(previous.end, old.end);
  }
}
