import { readFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import { ChainsError } from "@truss-chains/errors";
import { type Plugin, rolldown } from "rolldown";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import type { InstalledPackage } from "../packages/installed-package.ts";
import { isFirstParty } from "../source/first-party.ts";
import { entryModule, RUNTIME } from "./entry.ts";
import type { Externals } from "./externals.ts";
import { Faults } from "./faults.ts";
import { isolateModule } from "./isolate.ts";
import { serveConfig } from "./serve-config.ts";
import { shortSourceMap } from "./source-map.ts";

/** The server of one chainlet. */
export interface ChainletBundle {
  readonly code: string;
  /** Source map; its sources are relative to the chain's directory. */
  readonly map: string;
  /** The packages that the server imports, which have to be installed beside it. By name. */
  readonly packages: ReadonlyMap<string, InstalledPackage>;
  /** The user's own files that are part of it, sorted. */
  readonly modules: readonly string[];
}

const ENTRY = "\0chainlet-server";
const ENTRY_OR_RUNTIME = /^(?:\0chainlet-server|@truss-chains\/runtime)$/;

/**
 * Bundles one code chainlet with the runtime into one file, without the code of the other chainlets.
 *
 * @throws ChainsError `SOURCE_IMPORT_MISSING` or `BUNDLE_FAILED`.
 */
export async function bundleChainlet(
  chain: DiscoveredChain,
  node: ChainNode,
  externals: Externals,
): Promise<ChainletBundle> {
  const root = dirname(chain.source);
  const packages = new Map<string, InstalledPackage>();
  const faults = new Faults();
  const named = new Set(node.remoteConfig.dockerImage.externalPackages);
  const build = await rolldown({
    input: ENTRY,
    cwd: root,
    platform: "node",
    tsconfig: true,
    transform: {
      decorator: { legacy: true },
      target: "node20",
      typescript: { onlyRemoveTypeImports: false },
    },
    plugins: [
      entryPlugin(chain, node),
      externals.plugin(named, packages, faults),
      isolationPlugin(chain, node),
    ],
    onLog: () => {},
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      keepNames: true,
      minify: true,
      sourcemap: true,
      codeSplitting: false,
      comments: false,
    });
    faults.throwIfAny();
    const [chunk] = output;
    return {
      code: `${chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "").trimEnd()}\n//# sourceMappingURL=server.mjs.map\n`,
      map: shortSourceMap(chunk.map!, root),
      packages,
      modules: chunk.moduleIds
        .filter(isFirstParty)
        .map((file) => relative(root, file))
        .sort(),
    };
  } catch (thrown) {
    throw faults.explain(thrown, root);
  } finally {
    await build.close();
  }
}

function entryPlugin(chain: DiscoveredChain, node: ChainNode): Plugin {
  return {
    name: "chainlet-entry",
    resolveId: {
      order: "pre",
      filter: { id: ENTRY_OR_RUNTIME },
      async handler(id, importer) {
        if (id === ENTRY) return id;
        if (importer !== ENTRY) return null;
        return resolveRuntime(
          (specifier, from) => this.resolve(specifier, from, { skipSelf: true }),
          chain.source,
        );
      },
    },
    load: {
      filter: { id: ENTRY_OR_RUNTIME },
      handler: () => entryModule(chain.origins[node.name]![0]!.file, serveConfig(node)),
    },
  };
}

type Resolve = (specifier: string, importer: string) => Promise<{ id: string; external: unknown } | null>;

// The runtime comes with the SDK that the chain imports, not with whatever runs the build; with a strict package
// manager only the SDK itself can see it.
async function resolveRuntime(resolve: Resolve, source: string): Promise<{ id: string }> {
  const facade = await resolve("truss-chains", source);
  const runtime = facade && !facade.external ? await resolve(RUNTIME, facade.id) : null;
  if (runtime && !runtime.external) return { id: runtime.id };
  throw new ChainsError("SOURCE_IMPORT_MISSING", `The package truss-chains cannot be found from ${source}.`, {
    fix: "Install it in the chain's project: npm install truss-chains",
    location: { file: source },
  });
}

function isolationPlugin(chain: DiscoveredChain, node: ChainNode): Plugin {
  const origins = chain.origins[node.name]!;
  const sources = new Set(chain.modules);
  return {
    name: "isolate-chainlet",
    load: {
      filter: { id: /\.[cm]?[jt]sx?$/ },
      async handler(id) {
        if (!sources.has(id)) return null;
        const keep = new Set(origins.filter((origin) => origin.file === id).map((origin) => origin.name));
        const declaresTarget = origins[0]!.file === id;
        return isolateModule(id, await readFile(id, "utf8"), {
          graph: chain.graph,
          name: node.name,
          keep,
          declaresTarget,
        });
      },
    },
  };
}
