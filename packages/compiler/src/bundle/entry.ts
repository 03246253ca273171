import type { ServeConfig } from "@truss-chains/runtime";
import { TARGET_EXPORT } from "./isolate.ts";
import { SDK } from "./server-runtime.ts";

/**
 * The module that a chainlet's server starts from.
 *
 * @param first files beside the server that it imports before everything else.
 */
export function entryModule(file: string, config: ServeConfig, first: readonly string[]): string {
  return [
    ...first.map((name) => `import ${JSON.stringify(`./${name}`)};`),
    `import { serveChainlet } from ${JSON.stringify(SDK)};`,
    `import { ${TARGET_EXPORT} as chainlet } from ${JSON.stringify(file)};`,
    `await serveChainlet(chainlet, { config: ${JSON.stringify(config)} });`,
    "",
  ].join("\n");
}
