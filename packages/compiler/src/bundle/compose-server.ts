/** A server file, and by how many lines the chainlet's code has moved down in it. */
export interface ComposedServer {
  readonly code: string;
  readonly shift: number;
}

// A name that neither minified code nor, in all likelihood, a person uses.
const REQUIRE = "__chains_require";

/**
 * Makes one file of the server runtime and the code of a chainlet. The runtime runs in a function of its own, so that no
 * name of one can meet a name of the other; the chainlet finds it as `__chains_sdk`.
 *
 * @param runtime a CommonJS module that exports `sdk`.
 * @param chainlet an ES module.
 * @param first files beside the server that it imports before everything else.
 */
export function composeServer(runtime: string, chainlet: string, first: readonly string[]): ComposedServer {
  const head = [
    ...first.map((file) => `import ${JSON.stringify(`./${file}`)};`),
    // Importing createRequire, and making one, would take two milliseconds; the runtime requires parts of Node, mostly.
    `const ${REQUIRE} = (name) => process.getBuiltinModule(name) ?? process.getBuiltinModule("node:module").createRequire(import.meta.url)(name);`,
    "const __chains_sdk = (function (require, module, exports) {",
    runtime.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "").trimEnd(),
    `return module.exports.sdk; }).call(undefined, ...((module) => [${REQUIRE}, module, module.exports])({ exports: {} }));`,
    "",
  ].join("\n");
  return { code: head + chainlet, shift: head.split("\n").length - 1 };
}
