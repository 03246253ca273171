import { dirname, posix, resolve } from "node:path";
import type { ChainNode } from "@truss-chains/core";
import type { OutputChunk, Plugin } from "rolldown";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import type { InstalledPackage } from "../packages/installed-package.ts";
import { isFirstParty } from "../source/first-party.ts";
import { placeAwaits } from "./await-places.ts";
import type { LinkedChain, LinkedModule } from "./link-chain.ts";
import { outsidePackages } from "./outside-packages.ts";
import { fromRolldown } from "./rolldown-failure.ts";
import { shortSourceMap } from "./source-map.ts";

/** The server of one chainlet. */
export interface ChainletBundle {
  readonly code: string;
  /** Source map; its sources are relative to the chain's directory. */
  readonly map: string;
  /** The packages that the server imports, which have to be installed beside it. By name. */
  readonly packages: ReadonlyMap<string, InstalledPackage>;
}

// In two parts, or tools that look for source maps take it for one of this very file.
const MAP_COMMENT = `//# ${"sourceMappingURL"}=server.mjs.map`;

/**
 * Makes one file of the modules of a chainlet's server.
 *
 * @throws ChainsError `BUNDLE_FAILED` or `PACKAGE_VERSIONS_DIFFER`.
 */
export async function bundleChainlet(
  chain: DiscoveredChain,
  node: ChainNode,
  linked: LinkedChain,
): Promise<ChainletBundle> {
  const root = dirname(chain.source);
  const chunk = await generate(linked, linked.entries.get(node.name)!, root);
  const code = chunk.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "");
  const map = chunk.map!;
  const modules = chunk.moduleIds.flatMap((id) => linked.modules.get(id) ?? []);
  return {
    code: `${code.trimEnd()}\n${MAP_COMMENT}\n`,
    map: shortSourceMap(waits(modules) ? placeAwaits(chunk.code, map) : map, root),
    packages: await outsidePackages(modules, node, root),
  };
}

// Error reports name lines of the user's own modules, and most packages wait for something.
function waits(modules: readonly LinkedModule[]): boolean {
  return modules.some(({ file, code }) => isFirstParty(file) && /\bawait\b/.test(code));
}

async function generate(linked: LinkedChain, input: string, root: string): Promise<OutputChunk> {
  const { rolldown } = await import("rolldown");
  const build = await rolldown({
    input,
    cwd: root,
    platform: "node",
    plugins: [fromLinked(linked)],
    onLog: () => {},
  });
  try {
    const { output } = await build.generate({
      format: "esm",
      keepNames: true,
      minify: true,
      sourcemap: true,
      sourcemapPathTransform: (path, map) => resolve(dirname(map), path),
      codeSplitting: false,
      comments: false,
    });
    return output[0];
  } catch (thrown) {
    throw fromRolldown(thrown, root);
  } finally {
    await build.close();
  }
}

function fromLinked({ modules }: LinkedChain): Plugin {
  return {
    name: "linked-modules",
    resolveId: (specifier, importer) => {
      const name = importer === undefined ? specifier : posix.join(posix.dirname(importer), specifier);
      return modules.has(name) ? name : { id: specifier, external: true };
    },
    load: (id) => {
      const module = modules.get(id);
      return module ? { code: module.code, map: module.map, moduleType: "js" } : null;
    },
  };
}
