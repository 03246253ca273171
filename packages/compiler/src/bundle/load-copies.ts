import { readFile } from "node:fs/promises";
import type { ChainNode } from "@truss-chains/core";
import type { Plugin } from "rolldown";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import { isFirstParty } from "../source/first-party.ts";
import { ModuleCache } from "../source/module-cache.ts";
import { ClassUses } from "./class-uses.ts";
import { originalOf, ownerOf } from "./copies.ts";
import { entryModule } from "./entry.ts";
import type { Faults } from "./faults.ts";
import { isolateModule } from "./isolate.ts";
import { serveConfig } from "./serve-config.ts";
import { fetchesWeights, WEIGHTS_STARTER } from "./weights-files.ts";

/** What the copies of a server's first module are copies of. */
export const ENTRY = "\0chainlet-server";

/** Loads what a chainlet has of the user's modules, and the module that its server starts from. */
export function loadCopies(chain: DiscoveredChain, nodes: readonly ChainNode[], faults: Faults): Plugin {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const declared = new Set(chain.modules);
  const modules = new ModuleCache();
  const uses = once(() => usesOf(chain, modules));
  return {
    name: "chainlet-copies",
    load: {
      filter: { id: /\?chainlet=/ },
      async handler(id) {
        const file = originalOf(id);
        const node = byName.get(ownerOf(id)!)!;
        const origins = chain.origins[node.name]!;
        if (file === ENTRY) {
          const first = fetchesWeights(node) ? [WEIGHTS_STARTER] : [];
          return { code: entryModule(origins[0]!.file, serveConfig(node), first), moduleType: "js" };
        }
        const moduleType = moduleTypeOf(file);
        if (!declared.has(file)) return { code: await readFile(file, "utf8"), moduleType };
        const source = await modules.read(file);
        const keep = new Set(origins.filter((origin) => origin.file === file).map((origin) => origin.name));
        const target = {
          graph: chain.graph,
          name: node.name,
          keep,
          declaresTarget: origins[0]!.file === file,
          uses: await uses(),
        };
        return { ...faults.collect(() => isolateModule(source, target)), moduleType };
      },
    },
  };
}

async function usesOf({ modules }: DiscoveredChain, cache: ModuleCache): Promise<ClassUses> {
  const read = modules.filter(isFirstParty).map(async (file) => (await cache.read(file)).program);
  return new ClassUses(await Promise.all(read));
}

function moduleTypeOf(file: string): "ts" | "tsx" | "js" | "jsx" {
  const [, kind, x] = /\.[cm]?([jt]s)(x?)$/.exec(file)!;
  return `${kind as "ts" | "js"}${x as "" | "x"}`;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
