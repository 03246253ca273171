import { resolve } from "node:path";
import type { ServeConfig } from "@truss-chains/runtime";
import { rolldown } from "rolldown";

const ENTRY = "\0entry";

/** Bundles the server of one chainlet of a source into one file, the way the compiler does. */
export async function bundleServer(source: string, config: ServeConfig, file: string): Promise<void> {
  const bundle = await rolldown({
    input: ENTRY,
    platform: "node",
    logLevel: "silent",
    // Loaded by chainlets with cached weights only, and there are none here.
    external: ["@truss-chains/weights"],
    resolve: { conditionNames: ["@truss-chains/source", "import", "node", "default"] },
    transform: { decorator: { legacy: true } },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === ENTRY ? id : undefined),
        load: (id) => (id === ENTRY ? entryModule(source, config) : undefined),
      },
    ],
  });
  await bundle.write({
    file,
    format: "esm",
    codeSplitting: false,
    keepNames: true,
    minify: true,
    sourcemap: true,
  });
  await bundle.close();
}

function entryModule(source: string, config: ServeConfig): string {
  return [
    `import { serveChainlet } from "@truss-chains/runtime";`,
    `import { ${config.name} } from ${JSON.stringify(resolve(source))};`,
    `await serveChainlet(${config.name}, { config: ${JSON.stringify(config)} });`,
  ].join("\n");
}
