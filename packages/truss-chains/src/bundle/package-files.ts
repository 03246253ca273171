import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "rolldown";
import { ascii } from "./ascii.ts";
import { bundleFile } from "./bundle-file.ts";

/** A package that becomes a file of its own. */
export interface FilePackage {
  readonly name: string;
  /** All that is wanted of an ES package. */
  readonly names?: readonly string[];
  /** All that is wanted of a CommonJS package, and the modules of it that export it: the rest stays out of the file. */
  readonly modules?: Readonly<Record<string, string>>;
}

/**
 * Has imports of packages import their files, which lie beside the file that is bundled. V8 looks at all code of a file
 * before it runs the first line: in the runtime's own file these packages, which it needs later or never, would double
 * the time until a server is ready.
 */
export function packageFiles(packages: readonly FilePackage[]): Plugin {
  const files = new Map(packages.map((found) => [found.name, `./${fileOf(found)}`]));
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
  await bundleFile(
    { input: path, plugins: [entry, ascii()] },
    { file: `${directory}/${fileOf(found)}`, format: "cjs" },
  );
}

/** The name of a package's file. */
export function fileOf({ name }: FilePackage): string {
  return `${name.replace(/^@/, "").replaceAll("/", "-")}.cjs`;
}

/** What a package's file is made from. Its path, where no file is, is where the package is looked for. */
function entryModule({ name, names, modules }: FilePackage): {
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
  if (names) return { path, code: `export { ${names.join(", ")} } from ${JSON.stringify(name)};` };
  // Spelled out: what CommonJS exports is only known when it runs.
  const exported = Object.keys(require(file) as object).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key));
  const named = exported.filter((key) => key !== "default").join(", ");
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
