import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChainletClass } from "@truss-chains/core";
import type { ServeConfig } from "@truss-chains/runtime";
import { bundleServer } from "./bundle.ts";
import { serveConfigOf } from "./serve-config.ts";
import { ServerProcess } from "./server-process.ts";

const SOURCE = new URL("../fixtures/chain.ts", import.meta.url).pathname;

export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly changes?: Partial<ServeConfig>;
  /** Of Node itself. */
  readonly args?: readonly string[];
}

/** A temporary directory with bundled servers and the files that the platform would mount. */
export class Workspace implements AsyncDisposable {
  readonly dir: string;
  readonly #bundles = new Map<string, Promise<string>>();

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async create(): Promise<Workspace> {
    const dir = await mkdtemp(join(tmpdir(), "chainlet-server-"));
    await mkdir(join(dir, "secrets"));
    await mkdir(join(dir, "dynamic"));
    await writeFile(join(dir, "secrets", "baseten_chain_api_key"), "key-of-the-chain");
    return new Workspace(dir);
  }

  /** Bundles the server of a chainlet of the fixture, once. */
  bundle(cls: ChainletClass, changes: Partial<ServeConfig> = {}): Promise<string> {
    const key = JSON.stringify([cls.name, changes]);
    let bundle = this.#bundles.get(key);
    if (!bundle) {
      const file = join(this.dir, `bundle-${this.#bundles.size}`, "server.mjs");
      bundle = bundleServer(SOURCE, serveConfigOf(cls, changes), file).then(() => file);
      this.#bundles.set(key, bundle);
    }
    return bundle;
  }

  async start(cls: ChainletClass, { env = {}, changes, args }: StartOptions = {}): Promise<ServerProcess> {
    return new ServerProcess(await this.bundle(cls, changes), { ...this.env, ...env }, args);
  }

  get env(): Record<string, string> {
    return {
      CHAINS_SECRETS_DIR: join(this.dir, "secrets"),
      CHAINS_DYNAMIC_CONFIG_DIR: join(this.dir, "dynamic"),
      CHAINS_APP_HOME: this.dir,
    };
  }

  async write(path: string, content: string): Promise<void> {
    await writeFile(join(this.dir, path), content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** The JSON that a server answered with; tests say what they expect of it. */
export const jsonOf = async (answer: Response): Promise<any> => answer.json();

/** Calls a server as a client that knows nothing of chains. */
export async function post(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
    headers: { "content-type": "application/json", ...init.headers },
  });
}
