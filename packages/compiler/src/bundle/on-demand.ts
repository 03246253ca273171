import type { OutputChunk } from "rolldown";

const RUNS_AT_ONCE = /^export default (require_[\w$]+\(\);)$/m;

/**
 * Has CommonJS modules run when they are asked for. Rolldown has each run as soon as it is linked, for whoever may want
 * its default export; but packages ask for some of theirs only where they can be found, or not at all.
 *
 * What an ES module imports runs at once, in the order of the imports.
 *
 * @returns the code of each module, by its name.
 */
export function onDemand(modules: readonly OutputChunk[]): ReadonlyMap<string, string> {
  const imported = new Set(modules.filter((module) => !isCommonJs(module)).flatMap(({ imports }) => imports));
  return new Map(
    modules.map(({ fileName, code }) => [fileName, imported.has(fileName) ? code : unlessUsed(code)]),
  );
}

function isCommonJs({ code }: OutputChunk): boolean {
  return RUNS_AT_ONCE.test(code);
}

// The bundler leaves out what is pure and not used.
function unlessUsed(code: string): string {
  return code.replace(RUNS_AT_ONCE, "export default /* @__PURE__ */ $1");
}
