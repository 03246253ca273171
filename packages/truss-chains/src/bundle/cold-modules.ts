import { createRequire } from "node:module";
import { deflateRawSync } from "node:zlib";
import type { Plugin } from "rolldown";
import { bundleText } from "./bundle-file.ts";

const PREFIX = "\0cold:";

/** A package that is carried as text, and how the modules that stay import it. */
export interface ColdPackage {
  readonly name: string;
  /**
   * `dynamic`: with `import()`, which is when its code runs. `static`: with an import statement; its code then runs when
   * something of the named object is first used.
   */
  readonly imported: "dynamic" | { readonly static: string };
}

/**
 * Carries packages as compressed text, compiled when they are needed. V8 looks at all code of a file before it runs the
 * first line; these packages are most of a server's code, and would double the time until it is ready.
 */
export async function coldModules(packages: readonly ColdPackage[]): Promise<Plugin> {
  const codes = new Map(
    await Promise.all(
      packages.map(async (cold) => [cold.name, moduleOf(cold, await textOf(cold.name))] as const),
    ),
  );
  return {
    name: "cold-modules",
    resolveId: (id) => (codes.has(id) ? PREFIX + id : null),
    load: (id) => (id.startsWith(PREFIX) ? (codes.get(id.slice(PREFIX.length)) ?? null) : null),
  };
}

// From the place of the package that depends on them all.
const require = createRequire(createRequire(import.meta.url).resolve("@truss-chains/rpc/package.json"));
const requireOfRuntime = createRequire(
  createRequire(import.meta.url).resolve("@truss-chains/runtime/package.json"),
);

function resolve(name: string): string {
  try {
    return require.resolve(name);
  } catch {
    return requireOfRuntime.resolve(name);
  }
}

async function textOf(name: string): Promise<string> {
  return bundleText({ input: resolve(name) }, { format: "cjs", exports: "auto" });
}

function moduleOf({ name, imported }: ColdPackage, code: string): string {
  // Compressed text has no escapes, on which V8's scanner is slow, and is a third as long.
  const packed = deflateRawSync(code, { level: 9 }).toString("base64");
  const load = [
    'import { compileFunction } from "node:vm";',
    'import { inflateRawSync } from "node:zlib";',
    "let loaded;",
    "function load() {",
    "  if (loaded) return loaded.exports;",
    "  loaded = { exports: {} };",
    `  const text = inflateRawSync(Buffer.from(${JSON.stringify(packed)}, "base64")).toString();`,
    `  compileFunction(text, ["require", "module", "exports"], { filename: ${JSON.stringify(`${name}.cjs`)} })(require, loaded, loaded.exports);`,
    "  return loaded.exports;",
    "}",
  ];
  if (imported !== "dynamic") {
    return [
      ...load,
      `export const ${imported.static} = new Proxy({}, { get: (_, key) => load().${imported.static}[key] });`,
    ].join("\n");
  }
  const names = Object.keys(requireNow(name)).filter(
    (key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== "default",
  );
  return [
    ...load,
    "const exports_ = load();",
    ...names.map((key) => `const _${key} = exports_.${key}; export { _${key} as ${key} };`),
    "export default exports_;",
  ].join("\n");
}

const requireNow = (name: string): object => require(resolve(name)) as object;
