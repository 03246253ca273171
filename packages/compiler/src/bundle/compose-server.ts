import MagicString from "magic-string";
import { parseSync } from "oxc-parser";
import { SDK } from "./server-runtime.ts";

/** A server file, and by how many lines the chainlet's code has moved down in it. */
export interface ComposedServer {
  readonly code: string;
  readonly shift: number;
}

// Names that neither minified code nor, in all likelihood, a person uses.
const REQUIRE = "__chains_require";
const RUNTIME = "__chains_sdk";

/**
 * Makes one file of the server runtime and the code of a chainlet, which imports the SDK by name. The runtime runs in a
 * function of its own, so that no name of one can meet a name of the other.
 *
 * @param runtime a CommonJS module that exports `sdk`.
 * @param chainlet an ES module; only static imports of the SDK.
 * @param first files beside the server that it imports before everything else.
 */
export function composeServer(runtime: string, chainlet: string, first: readonly string[]): ComposedServer {
  const head = [
    ...first.map((file) => `import ${JSON.stringify(`./${file}`)};`),
    `import { createRequire as ${REQUIRE} } from "node:module";`,
    `const ${RUNTIME} = (function (require, module, exports) {`,
    runtime.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "").trimEnd(),
    `return module.exports.sdk; }).call(undefined, ...((module) => [${REQUIRE}(import.meta.url), module, module.exports])({ exports: {} }));`,
    "",
  ].join("\n");
  return { code: `${head}${withoutSdkImports(chainlet)}`, shift: head.split("\n").length - 1 };
}

// `import { a as b } from "truss-chains"` becomes `const { a: b } = …`. Line breaks stay: the source map counts them.
function withoutSdkImports(code: string): string {
  const text = new MagicString(code);
  // The list of imports only: turning the syntax tree of a whole bundle into objects takes longer than bundling it.
  for (const { start, end, moduleRequest, entries } of parseSync("server.mjs", code).module.staticImports) {
    if (moduleRequest.value !== SDK) continue;
    const parts = entries.map(({ importName, localName }) => {
      if (importName.kind === "NamespaceObject") return `const ${localName.value} = ${RUNTIME};`;
      const imported = importName.kind === "Default" ? "default" : importName.name!;
      return `const { ${JSON.stringify(imported)}: ${localName.value} } = ${RUNTIME};`;
    });
    const lines = code.slice(start, end).split("\n").length - 1;
    text.overwrite(start, end, parts.join(" ") + "\n".repeat(lines));
  }
  return text.toString();
}
