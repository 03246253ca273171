import { createHash } from "node:crypto";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BuiltChain, buildChain, type DiscoveredChain } from "@truss-chains/compiler";
import { dataState } from "./data-state.ts";
import { SessionDirectory } from "./session-directory.ts";

/** The build that a session runs from. */
export class BuildCache {
  readonly #root: string;
  readonly #session: SessionDirectory;
  readonly #directory: string;
  #fingerprints: ReadonlyMap<string, string> = new Map();

  constructor(source: string) {
    this.#root = dirname(source);
    this.#session = new SessionDirectory(source);
    this.#directory = join(this.#session.path, "build");
  }

  /**
   * Builds the chain over the previous build.
   *
   * @returns the build, and the code chainlets whose server or data is new or differs from before.
   */
  async build(chain: DiscoveredChain): Promise<{ built: BuiltChain; changed: ReadonlySet<string> }> {
    await this.#session.create();
    // Before it is copied: what changes meanwhile has changed at the next look.
    const data = new Map<string, string>();
    for (const node of chain.graph.nodes) data.set(node.name, await dataState(chain, node));
    const built = await buildChain(chain, this.#directory);
    const fingerprints = new Map<string, string>();
    for (const { name, kind } of chain.graph.nodes) {
      if (kind !== "code") continue;
      await this.#nameSources(name);
      await this.#linkPackages(name, built.packageDirectories[name]!);
      fingerprints.set(name, hash([data.get(name)!, ...(await this.#texts(name))].join("\0")));
    }
    const changed = [...fingerprints].filter(([name, print]) => this.#fingerprints.get(name) !== print);
    this.#fingerprints = fingerprints;
    return { built, changed: new Set(changed.map(([name]) => name)) };
  }

  async remove(): Promise<void> {
    await this.#session.remove();
  }

  // A built source map is the same on every machine; here errors are to name the files that a person can open.
  async #nameSources(name: string): Promise<void> {
    const file = join(this.#directory, name, "data", "server.mjs.map");
    const map: object = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...map, sourceRoot: this.#root }));
  }

  // The image installs them beside the server; here the server may be in a place from which they are not found.
  async #linkPackages(name: string, packages: Readonly<Record<string, string>>): Promise<void> {
    for (const [specifier, directory] of Object.entries(packages)) {
      const link = join(this.#directory, name, "data", "node_modules", specifier);
      await mkdir(dirname(link), { recursive: true });
      await symlink(directory, link, "junction");
    }
  }

  // The config too: secrets and mounts come from it.
  #texts(name: string): Promise<string[]> {
    const files = ["config.yaml", "data/server.mjs"].map((path) =>
      readFile(join(this.#directory, name, path), "utf8"),
    );
    return Promise.all(files);
  }
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);
