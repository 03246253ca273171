import { readFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import { type Plugin, rolldown } from "rolldown";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import type { InstalledPackage } from "../packages/installed-package.ts";
import { isFirstParty } from "../source/first-party.ts";
import { composeServer } from "./compose-server.ts";
import { entryModule } from "./entry.ts";
import type { Externals } from "./externals.ts";
import { Faults } from "./faults.ts";
import { isolateModule } from "./isolate.ts";
import { serveConfig } from "./serve-config.ts";
import { readServerRuntime, SDK } from "./server-runtime.ts";
import { shortSourceMap } from "./source-map.ts";
import { fetchesWeights, WEIGHTS_STARTER } from "./weights-files.ts";

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

// In two parts, or tools that look for source maps take it for one of this very file.
const MAP_COMMENT = `//# ${"sourceMappingURL"}=server.mjs.map`;

const ENTRY = "\0chainlet-server";
const ENTRY_OR_SDK = /^(?:\0chainlet-server|truss-chains)$/;

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
    const ownCode = chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "");
    const runtime = await readServerRuntime(chain.source);
    const { code, shift } = composeServer(runtime, ownCode, fetchesWeights(node) ? [WEIGHTS_STARTER] : []);
    return {
      code: `${code.trimEnd()}\n${MAP_COMMENT}\n`,
      map: shortSourceMap(chunk.map!, root, shift),
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
      filter: { id: ENTRY_OR_SDK },
      handler: (id) => (id === ENTRY ? id : { id: SDK, external: true }),
    },
    load: {
      filter: { id: ENTRY_OR_SDK },
      handler: () => entryModule(chain.origins[node.name]![0]!.file, serveConfig(node)),
    },
  };
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
