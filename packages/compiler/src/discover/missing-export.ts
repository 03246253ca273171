import { readFileSync } from "node:fs";
import { ChainsError, type Location } from "@truss-chains/errors";

const NO_EXPORT = /^The requested module '([^']+)' does not provide an export named '([^']+)'/;

/**
 * What to tell of an import of something that a package does not export; undefined for other errors.
 *
 * @param modules the files of the user's own.
 */
export function missingExport(thrown: unknown, modules: readonly string[]): ChainsError | undefined {
  const [, from, name] = (thrown instanceof SyntaxError && NO_EXPORT.exec(thrown.message)) || [];
  const imported = from && /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(from)?.[1];
  if (!imported) return undefined;
  const what = name === "default" ? "has no default export" : `exports nothing called ${name}`;
  return new ChainsError("SOURCE_IMPORT_MISSING", `"${imported}" ${what}.`, {
    fix: `Import what the installed version exports${name === "default" ? ", by its name" : ""}.`,
    location: importingLine(imported, modules),
    cause: thrown,
  });
}

// Node does not say which module asked for it.
function importingLine(name: string, modules: readonly string[]): Location {
  const importing = new RegExp(`from\\s*["']${name.replace(/[.\\]/g, "\\$&")}["'/]`);
  for (const file of modules) {
    const line = readFileSync(file, "utf8")
      .split("\n")
      .findIndex((text) => importing.test(text));
    if (line >= 0) return { file, line: line + 1 };
  }
  return {};
}
