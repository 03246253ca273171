import type { ServeConfig } from "@truss-chains/runtime";
import { TARGET_EXPORT } from "./isolate.ts";

/** The runtime, which this package never imports: the generated entry names it. */
export const RUNTIME = "@truss-chains/runtime";

/** The module that a chainlet's server starts from. */
export function entryModule(file: string, config: ServeConfig): string {
  return [
    `import { serveChainlet } from ${JSON.stringify(RUNTIME)};`,
    `import { ${TARGET_EXPORT} as chainlet } from ${JSON.stringify(file)};`,
    `await serveChainlet(chainlet, { config: ${JSON.stringify(config)} });`,
    "",
  ].join("\n");
}
