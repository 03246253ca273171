import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { nameOfMine, removeAbandoned } from "./abandoned.ts";

const PREFIX = "chains-dev";

/** Where a chainlet is reached; the same shape as the platform's `dynamic_chainlet_config`. */
export type Addresses = Readonly<Record<string, { readonly predict_url: string }>>;

/**
 * The files that the platform would mount into the containers, in a directory of this run that only this user can read.
 */
export class World {
  readonly #root: string;
  readonly #secrets = new Map<string, Readonly<Record<string, string>>>();

  private constructor(root: string) {
    this.#root = root;
  }

  static async create(): Promise<World> {
    await removeAbandoned(tmpdir(), PREFIX);
    const root = await mkdtemp(join(tmpdir(), nameOfMine(PREFIX)));
    await chmod(root, 0o700);
    return new World(root);
  }

  /**
   * Writes one chainlet's world.
   *
   * @returns whether its secrets are others than before.
   */
  async provide(
    chainlet: string,
    addresses: Addresses,
    secrets: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const { CHAINS_DYNAMIC_CONFIG_DIR: config, CHAINS_SECRETS_DIR: secretsDir } = this.#directories(chainlet);
    await mkdir(config, { recursive: true });
    await mkdir(secretsDir, { recursive: true });
    const file = join(config, "dynamic_chainlet_config");
    // A chainlet that goes on running reads it at any time.
    await writeFile(`${file}.new`, JSON.stringify(addresses));
    await rename(`${file}.new`, file);
    const before = this.#secrets.get(chainlet);
    if (before !== undefined && isDeepStrictEqual(before, secrets)) return false;
    for (const [name, value] of Object.entries(secrets)) {
      await writeFile(join(secretsDir, name), value, { mode: 0o600 });
    }
    for (const name of Object.keys(before ?? {})) {
      if (!(name in secrets)) await rm(join(secretsDir, name));
    }
    this.#secrets.set(chainlet, secrets);
    return true;
  }

  secretsDirectory(chainlet: string): string {
    return this.#directories(chainlet).CHAINS_SECRETS_DIR;
  }

  /** Where a chainlet looks for weights, as environment variables. */
  weightsDirectories(chainlet: string) {
    return {
      CHAINS_MANIFEST_ROOT: join(this.#root, chainlet, "manifests"),
      CHAINS_WEIGHTS_ROOT: join(this.#root, chainlet, "weights"),
      CHAINS_TRANSFER_STATS_FILE: join(this.#root, chainlet, "transfer-stats.json"),
    };
  }

  /** The environment variables that lead a chainlet's process to its world. */
  environment(chainlet: string, trussDirectory: string, port: number): Record<string, string> {
    return { ...this.#directories(chainlet), CHAINS_APP_HOME: trussDirectory, PORT: String(port) };
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  #directories(chainlet: string) {
    return {
      CHAINS_DYNAMIC_CONFIG_DIR: join(this.#root, chainlet, "config"),
      CHAINS_SECRETS_DIR: join(this.#root, chainlet, "secrets"),
    };
  }
}
