import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { type DiscoveredChain, listTree } from "@truss-chains/compiler";
import { ignorePatterns } from "../archive/ignore-patterns.ts";
import type { ChainDeployment } from "../deployment/chain-deployment.ts";
import { LIFETIME_MS } from "../journal/journal.ts";
import type { ChainToPush } from "./built-chain.ts";

/** What was built of each chainlet, as a digest, by display name. Names of models and source maps are no part of it. */
export type BuiltDigests = ReadonlyMap<string, string>;

/**
 * What the pushes of one watch know of those before them, so that only what has changed is sent.
 *
 * Each push gives its models new names, which stand in the archived configs too. The archive of a chainlet that is built
 * as before serves again all the same: what is deployed is named by the request.
 */
export class PushSession {
  /** Told of each chain before it is built; true when it has to be read again, as it may have changed meanwhile. */
  readonly follow: (chain: DiscoveredChain) => Promise<boolean>;
  readonly #uploaded = new Map<string, { readonly key: string; readonly at: number }>();
  #last: { readonly deployment: ChainDeployment; readonly digests: BuiltDigests } | undefined;

  constructor(follow: (chain: DiscoveredChain) => Promise<boolean>) {
    this.follow = follow;
  }

  get deployment(): ChainDeployment | undefined {
    return this.#last?.deployment;
  }

  /** The display names of chainlets of which another build was deployed, or none. */
  changed(digests: BuiltDigests): readonly string[] {
    const before = this.#last?.digests;
    return [...digests].filter(([name, digest]) => before?.get(name) !== digest).map(([name]) => name);
  }

  /** Whether this is what is deployed. */
  isDeployed(digests: BuiltDigests): boolean {
    return this.#last?.digests.size === digests.size && this.changed(digests).length === 0;
  }

  deployed(deployment: ChainDeployment, digests: BuiltDigests): void {
    this.#last = { deployment, digests };
  }

  /** Where something is that was uploaded not too long ago, by the digest of what was built or packed. */
  uploadedKey(digest: string): string | undefined {
    const found = this.#uploaded.get(digest);
    return found && Date.now() - found.at < LIFETIME_MS ? found.key : undefined;
  }

  uploaded(digest: string, key: string): void {
    if (this.uploadedKey(digest) === undefined) this.#uploaded.set(digest, { key, at: Date.now() });
  }

  /** Whether a push may have built on what an earlier one has uploaded. */
  get reusesUploads(): boolean {
    return this.#last !== undefined;
  }

  /** Lets the next push send everything: what it could build on may be what is wrong. */
  forget(): void {
    this.#uploaded.clear();
    this.#last = undefined;
  }
}

// The map of an archive belongs to the server beside it. It holds the text of whole files, so that it would change with
// every comment, and with every other chainlet of the file.
const SOURCE_MAP = "data/server.mjs.map";

/** Digests of what was built, config and all. */
export async function digestsOf({ name, chainlets }: ChainToPush): Promise<BuiltDigests> {
  const digests = new Map<string, string>();
  for (const { node, directory, isEntrypoint } of chainlets) {
    const hash = createHash("sha256").update(JSON.stringify([name, isEntrypoint, node.endpoint]));
    for (const path of await listTree(directory, await ignorePatterns(directory))) {
      if (node.kind === "code" && path === SOURCE_MAP) continue;
      hash.update(`\0${path}\0`);
      for await (const bytes of createReadStream(join(directory, path))) hash.update(bytes);
    }
    digests.set(node.displayName, hash.digest("hex"));
  }
  return digests;
}
