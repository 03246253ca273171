/**
 * What a chainlet's code imports when it imports the SDK, in a server: the server runtime stands in the same file, as the
 * constant `__chains_sdk`. A bundler drops what is not used.
 */
export function sdkModule(names: readonly string[]): string {
  return [
    "const get = (name) => __chains_sdk[name];",
    ...names.map((name) => `export const ${name} = /* @__PURE__ */ get(${JSON.stringify(name)});`),
    "",
  ].join("\n");
}
