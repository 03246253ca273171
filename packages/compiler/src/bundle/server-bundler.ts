import { readFile } from "node:fs/promises";
import type { ChainNode } from "@truss-chains/core";
import type { DiscoveredChain } from "../discover/discovered-chain.ts";
import { bundleChainlet, type ChainletBundle } from "./bundle-chainlet.ts";
import { Externals } from "./externals.ts";
import { type LinkedChain, linkChain } from "./link-chain.ts";
import { findServerRuntime } from "./server-runtime.ts";

/** Bundles the servers of a chain's code chainlets. What they have in common is done once, with the first. */
export class ServerBundler {
  readonly #chain: DiscoveredChain;
  readonly #externals = new Externals();
  readonly #linked = new Map<string, Promise<LinkedChain>>();
  #runtime: Promise<string> | undefined;

  constructor(chain: DiscoveredChain) {
    this.#chain = chain;
  }

  /** @throws ChainsError `SOURCE_IMPORT_MISSING` or `BUNDLE_FAILED`. */
  async bundle(node: ChainNode): Promise<ChainletBundle> {
    this.#runtime ??= readFile(findServerRuntime(this.#chain.source), "utf8");
    const [linked, runtime] = await Promise.all([this.#link(node), this.#runtime]);
    return bundleChainlet(this.#chain, node, linked, runtime);
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
