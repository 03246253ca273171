import type { ServeConfig } from "@truss-chains/runtime";
import { TARGET_EXPORT } from "./isolate.ts";
import { SDK } from "./server-runtime.ts";

/** The module that a chainlet's server starts from. */
export function entryModule(file: string, config: ServeConfig): string {
  return [
    `import { serveChainlet } from ${JSON.stringify(SDK)};`,
    `import { ${TARGET_EXPORT} as chainlet } from ${JSON.stringify(file)};`,
    `await serveChainlet(chainlet, { config: ${JSON.stringify(config)} });`,
    "",
  ].join("\n");
}
