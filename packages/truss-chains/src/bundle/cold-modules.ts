import { createRequire } from "node:module";
import type { Plugin } from "rolldown";
import { bundleText } from "./bundle-file.ts";

const PREFIX = "\0cold:";

/**
 * Carries packages as text, compiled when they are first imported. V8 looks at all code of a file before it runs the
 * first line; these packages are most of a server's code, and compiling them would double the time until it is ready.
 */
export async function coldModules(names: readonly string[]): Promise<Plugin> {
  const codes = new Map(await Promise.all(names.map(async (name) => [name, await textOf(name)] as const)));
  return {
    name: "cold-modules",
    resolveId: (id) => (codes.has(id) ? PREFIX + id : null),
    load(id) {
      const code = id.startsWith(PREFIX) ? codes.get(id.slice(PREFIX.length)) : undefined;
      return code === undefined ? null : moduleOf(id.slice(PREFIX.length), code);
    },
  };
}

// From the runtime's place: it is the runtime that depends on them.
const require = createRequire(createRequire(import.meta.url).resolve("@truss-chains/runtime/package.json"));

async function textOf(name: string): Promise<string> {
  return bundleText({ input: require.resolve(name) }, { format: "cjs", exports: "auto" });
}

function moduleOf(name: string, code: string): string {
  const names = Object.keys(require(name) as object).filter(
    (key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== "default",
  );
  return [
    'import { compileFunction } from "node:vm";',
    "const module = { exports: {} };",
    `compileFunction(${JSON.stringify(code)}, ["require", "module", "exports"], { filename: ${JSON.stringify(`${name}.cjs`)} })(require, module, module.exports);`,
    ...names.map((key) => `const _${key} = module.exports.${key}; export { _${key} as ${key} };`),
    "export default module.exports;",
  ].join("\n");
}
