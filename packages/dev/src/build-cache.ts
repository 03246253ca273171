import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BuiltChain, buildChain, type DiscoveredChain } from "@truss-chains/compiler";

/**
 * The build that a session runs from. It is below the project's `node_modules`, so that packages that a bundle leaves
 * outside are found as they are installed.
 */
export class BuildCache {
  readonly #directory: string;
  #fingerprints: ReadonlyMap<string, string> = new Map();

  constructor(source: string) {
    this.#directory = join(cacheRoot(dirname(source)), `dev-${process.pid}-${hash(source)}`);
  }

  /**
   * Builds the chain over the previous build.
   *
   * @returns the build, and the code chainlets whose server is new or differs from before.
   */
  async build(chain: DiscoveredChain): Promise<{ built: BuiltChain; changed: ReadonlySet<string> }> {
    const built = await buildChain(chain, this.#directory);
    const fingerprints = new Map<string, string>();
    for (const { name, kind } of chain.graph.nodes) {
      if (kind === "code") fingerprints.set(name, await this.#fingerprint(name));
    }
    const changed = [...fingerprints].filter(([name, print]) => this.#fingerprints.get(name) !== print);
    this.#fingerprints = fingerprints;
    return { built, changed: new Set(changed.map(([name]) => name)) };
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  // The config too: secrets and mounts come from it.
  async #fingerprint(name: string): Promise<string> {
    const files = ["config.yaml", "data/server.mjs"].map((path) =>
      readFile(join(this.#directory, name, path), "utf8"),
    );
    return hash((await Promise.all(files)).join("\0"));
  }
}

function cacheRoot(from: string): string {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(join(at, "node_modules"))) return join(at, "node_modules", ".cache", "truss-chains");
    if (dirname(at) === at) return join(tmpdir(), "truss-chains");
  }
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);
