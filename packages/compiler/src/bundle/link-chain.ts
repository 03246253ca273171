import { dirname, resolve } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import type { OutputChunk, Plugin } from "rolldown";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import type { InstalledPackage } from "../packages/installed-package.ts";
import { isFirstParty } from "../source/first-party.ts";
import { copyOf, originalOf, ownerOf } from "./copies.ts";
import type { Externals } from "./externals.ts";
import { Faults } from "./faults.ts";
import { ENTRY, loadCopies } from "./load-copies.ts";
import { onDemand } from "./on-demand.ts";
import { placedPackages } from "./placed-packages.ts";
import { resolveImport } from "./resolve-import.ts";
import { findServerSdk, SDK } from "./server-runtime.ts";

/** The modules of several chainlets' servers: translated, their imports resolved, what no server uses left out. */
export interface LinkedChain {
  /** Of each chainlet, by class name: the name of the module that its server starts from. */
  readonly entries: ReadonlyMap<string, string>;
  /** They import each other by these names. */
  readonly modules: ReadonlyMap<string, LinkedModule>;
}

/** An ES module. */
export interface LinkedModule {
  readonly code: string;
  readonly map: string;
  /** Path of the file that it was. */
  readonly file: string;
  /** The packages that it imports and that stay outside. */
  readonly outside: ReadonlySet<InstalledPackage>;
}

const ENTRY_ID = /^\0chainlet-server/;

/**
 * Links a chain's servers. Which packages cannot be part of a bundle shows in what is left of their code, so that a
 * chain that uses such a package is linked again without it.
 *
 * @param nodes code chainlets with the same external packages.
 * @throws ChainsError `SOURCE_IMPORT_MISSING` or `BUNDLE_FAILED`.
 */
export async function linkChain(
  chain: DiscoveredChain,
  nodes: readonly ChainNode[],
  externals: Externals,
): Promise<LinkedChain> {
  for (;;) {
    const linked = await linkOnce(chain, nodes, externals);
    const placed = await placedPackages(linked.modules.values());
    // A package that is imported by the path of a file cannot be kept outside.
    const news = placed.filter((installed) => externals.add(installed));
    if (news.length === 0) return linked;
  }
}

/**
 * Reads all modules of a chain's servers at once. The chainlets of a chain mostly use the same packages, and to read
 * those again for each chainlet would take most of the time of a build.
 */
async function linkOnce(
  chain: DiscoveredChain,
  nodes: readonly ChainNode[],
  externals: Externals,
): Promise<LinkedChain> {
  const root = dirname(chain.source);
  const faults = new Faults();
  const outside = new Map<string, Set<InstalledPackage>>();
  const named = new Set(nodes[0]!.remoteConfig.dockerImage.externalPackages);
  const keepOutside = async (importer: string, file: string): Promise<boolean> => {
    const installed = await externals.outside(file, named);
    if (installed) outside.set(importer, (outside.get(importer) ?? new Set()).add(installed));
    return installed !== undefined;
  };
  const { rolldown } = await import("rolldown");
  const build = await rolldown({
    input: Object.fromEntries(nodes.map(({ name }) => [name, copyOf(ENTRY, name)])),
    cwd: root,
    platform: "node",
    tsconfig: true,
    transform: {
      decorator: { legacy: true },
      target: "node20",
      typescript: { onlyRemoveTypeImports: false },
      // CommonJS as part of an ES module.
      define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
    },
    plugins: [resolution(findServerSdk(chain.source), keepOutside, faults), loadCopies(chain, nodes, faults)],
    onLog: () => {},
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      // One module each, so that a server keeps the order in which its modules run.
      preserveModules: true,
      keepNames: true,
      sourcemap: true,
      sourcemapPathTransform: (path, map) => originalOf(resolve(dirname(map), path)),
      comments: { legal: false, annotation: true, jsdoc: false },
    });
    faults.throwIfAny();
    const chunks = output.filter((file) => file.type === "chunk");
    const codes = onDemand(chunks);
    return {
      entries: new Map(
        chunks.filter(({ isEntry }) => isEntry).map((chunk) => [servedBy(chunk), chunk.fileName]),
      ),
      modules: new Map(
        chunks.map((chunk) => [chunk.fileName, linkedModule(chunk, codes.get(chunk.fileName)!, outside)]),
      ),
    };
  } catch (thrown) {
    throw faults.explain(thrown, root);
  } finally {
    await build.close();
  }
}

// Not by the name of the chunk: rolldown changes names that no file can have everywhere.
function servedBy({ facadeModuleId }: OutputChunk): string {
  return ownerOf(facadeModuleId!)!;
}

// Of a module that nobody wrote; without a map, a bundler takes it for a source.
const NO_PLACES = { version: 3, sources: [], names: [], mappings: "" };

function linkedModule(
  { map, moduleIds, facadeModuleId }: OutputChunk,
  code: string,
  outside: ReadonlyMap<string, ReadonlySet<InstalledPackage>>,
): LinkedModule {
  const id = facadeModuleId ?? moduleIds[0] ?? "";
  const file = originalOf(id);
  // Nobody reads the text of packages in a server's source map, and it is most of the map.
  const short = map && (isFirstParty(file) ? map : { ...map, sourcesContent: undefined });
  return { code, map: JSON.stringify(short ?? NO_PLACES), file, outside: outside.get(id) ?? new Set() };
}

type KeepOutside = (importer: string, file: string) => Promise<boolean>;

function resolution(sdk: string, keepOutside: KeepOutside, faults: Faults): Plugin {
  return {
    name: "chainlet-imports",
    resolveId: {
      order: "pre",
      async handler(specifier, importer, { kind }) {
        if (ENTRY_ID.test(specifier)) return specifier;
        if (importer === undefined || specifier.startsWith("\0")) return null;
        if (specifier === SDK) return { id: sdk, moduleSideEffects: false };
        const isRelative = specifier.startsWith(".");
        // Our own code imports files that lie beside the server.
        if (isRelative && (importer === sdk || ENTRY_ID.test(importer)))
          return { id: specifier, external: true };
        const file = originalOf(importer);
        const owner = ownerOf(importer);
        if (owner === undefined && isRelative) return null;
        const resolved = await resolveImport(this, { specifier, importer: file, kind }, faults);
        if (!resolved) return { id: specifier, external: true };
        if (!isRelative && (await keepOutside(importer, resolved.id)))
          return { id: specifier, external: true };
        return owner !== undefined && isFirstParty(resolved.id)
          ? { ...resolved, id: copyOf(resolved.id, owner) }
          : resolved;
      },
    },
  };
}
