import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "rolldown";
import { ascii } from "./ascii.ts";
import { bundleFile } from "./bundle-file.ts";

/** A package that becomes a file of its own, and how the modules of the server import it. */
export interface FilePackage {
  readonly name: string;
  /** `dynamic`: with `import()`. Else these names with an import statement, which has to find CommonJS. */
  readonly imported: "dynamic" | readonly string[];
  /** All that is wanted of a CommonJS package, and the modules of it that export it: the rest stays out of the file. */
  readonly modules?: Readonly<Record<string, string>>;
}

/**
 * Makes a file of each package, and has imports of the package import that file. V8 looks at all code of a file before
 * it runs the first line: in the server's own file these packages, which it needs later or never, would double the time
 * until it is ready.
 *
 * @param folder where the files are, relative to the file that imports them.
 */
export function packageFiles(packages: readonly FilePackage[], folder: string): Plugin {
  const files = new Map(packages.map((found) => [found.name, `${folder}/${fileOf(found)}`]));
  return {
    name: "package-files",
    resolveId(id) {
      const file = files.get(id);
      return file === undefined ? null : { id: file, external: true };
    },
  };
}

/** Writes the file of a package. */
export async function writePackageFile(found: FilePackage, directory: string): Promise<void> {
  const { path, code } = entryModule(found);
  const entry: Plugin = {
    name: "entry",
    resolveId: (id) => (id === path ? id : null),
    load: (id) => (id === path ? code : null),
  };
  const format = found.imported === "dynamic" ? "esm" : "cjs";
  await bundleFile(
    { input: path, plugins: [entry, ascii()] },
    { file: `${directory}/${fileOf(found)}`, format },
  );
}

/** The name of a package's file. */
export function fileOf({ name, imported }: FilePackage): string {
  return `${name.replace(/^@/, "").replaceAll("/", "-")}.${imported === "dynamic" ? "mjs" : "cjs"}`;
}

/** What a package's file is made from. Its path, where no file is, is where the package is looked for. */
function entryModule({ name, imported, modules }: FilePackage): {
  readonly path: string;
  readonly code: string;
} {
  const { require, file, path } = locate(name);
  if (modules) {
    const lines = Object.entries(modules).map(
      ([exported, module]) =>
        `export { default as ${exported} } from ${JSON.stringify(require.resolve(`${name}/${module}`))};`,
    );
    return { path, code: lines.join("\n") };
  }
  if (imported !== "dynamic")
    return { path, code: `export { ${imported.join(", ")} } from ${JSON.stringify(name)};` };
  // Spelled out: what CommonJS exports is only known when it runs.
  const names = Object.keys(require(file) as object).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key));
  const named = names.filter((key) => key !== "default").join(", ");
  return { path, code: `import * as all from ${JSON.stringify(file)};\nexport const { ${named} } = all;` };
}

// The packages that depend on them all.
const dependents = ["@truss-chains/rpc", "@truss-chains/runtime"].map((name) =>
  createRequire(import.meta.url).resolve(`${name}/package.json`),
);

function locate(name: string) {
  for (const dependent of dependents) {
    const require = createRequire(dependent);
    try {
      return { require, file: require.resolve(name), path: join(dirname(dependent), "entry-of-package.js") };
    } catch {
      // The other one depends on it.
    }
  }
  throw new Error(`${name} is not installed.`);
}
