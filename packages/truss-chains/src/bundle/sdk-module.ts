/**
 * What a chainlet's code imports when it imports the SDK, in a server: what it uses of the runtime beside it. A bundler
 * drops the rest.
 *
 * @param loader the module that has the runtime, relative to the server.
 */
export function sdkModule(names: readonly string[], loader: string): string {
  return [
    `import { sdk } from ${JSON.stringify(loader)};`,
    "const get = (name) => sdk[name];",
    ...names.map((name) => `export const ${name} = /* @__PURE__ */ get(${JSON.stringify(name)});`),
    "",
  ].join("\n");
}
