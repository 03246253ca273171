import type { ChainNode } from "@truss-chains/core";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import { bundleChainlet, type ChainletBundle } from "./bundle-chainlet.ts";
import { Externals } from "./externals.ts";
import { type LinkedChain, linkChain } from "./link-chain.ts";

/** Bundles the servers of a chain's code chainlets. What they have in common is done once, with the first. */
export class ServerBundler {
  readonly #chain: DiscoveredChain;
  readonly #externals = new Externals();
  readonly #linked = new Map<string, Promise<LinkedChain>>();

  constructor(chain: DiscoveredChain) {
    this.#chain = chain;
  }

  /** @throws ChainsError `SOURCE_IMPORT_MISSING`, `BUNDLE_FAILED` or `PACKAGE_VERSIONS_DIFFER`. */
  async bundle(node: ChainNode): Promise<ChainletBundle> {
    return bundleChainlet(this.#chain, node, await this.#link(node));
  }

  // A package that one chainlet keeps outside and another does not is two different things to what imports it.
  #link(node: ChainNode): Promise<LinkedChain> {
    const key = outsideOf(node);
    let linked = this.#linked.get(key);
    if (!linked) {
      const alike = this.#chain.graph.nodes.filter((other) => !other.foreign && outsideOf(other) === key);
      linked = linkChain(this.#chain, alike, this.#externals);
      this.#linked.set(key, linked);
    }
    return linked;
  }
}

function outsideOf({ remoteConfig }: ChainNode): string {
  return [...remoteConfig.dockerImage.externalPackages].sort().join(" ");
}
