import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { push } from "@truss-chains/baseten";
import { describe, expect, it } from "vitest";
import type { Chainlet } from "../../baseten/fake/platform.ts";
import { Scene } from "../../baseten/scene.ts";
import { trussPython } from "./truss-cli.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"].find((path) => {
  try {
    execFileSync(path, ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

interface Examined {
  readonly same: boolean;
  readonly config: Record<string, any>;
  readonly proxy: string | null;
}

describe.skipIf(!trussPython || !NGINX)(
  "what arrives (needs CHAINS_TRUSS_PYTHON and nginx)",
  { timeout: 300_000 },
  () => {
    it("loads in the real package, and starts behind its proxy as a chain that answers", async () => {
      await using scene = await Scene.set({});
      await cp(here("./fixtures/mixed"), scene.project, { recursive: true });
      await push(scene.source, scene.options());
      const arrived = await unpackAll(scene);
      const examined = Object.fromEntries(
        examine(arrived).map((each, index) => [arrived[index]!.chainlet.name, each]),
      ) as Record<string, Examined>;
      expect(Object.values(examined).map(({ same }) => same)).toEqual([true, true, true, true]);
      expect(examined.Main!.config.model_cache).toMatchObject([
        { volume_folder: "minilm", use_volume: true },
      ]);
      expect(examined.Count!.config.weights).toMatchObject([{ mount_location: "/models/qwen" }]);
      expect(examined.Upper!.config).toMatchObject({
        python_version: "py311",
        resources: { memory: "512Mi" },
      });

      await using processes = new Processes();
      const directoryOf = (name: string) => arrived.find(({ chainlet }) => chainlet.name === name)!.directory;
      const addresses = {
        Upper: { predict_url: await processes.python(directoryOf("Upper")) },
        Count: { predict_url: await processes.counter() },
        Reverse: {
          predict_url: await processes.chainlet(directoryOf("Reverse"), examined.Reverse!.proxy!, {}, scene),
        },
      };
      const entrypoint = await processes.chainlet(
        directoryOf("Main"),
        examined.Main!.proxy!,
        addresses,
        scene,
      );
      const answer = await fetch(entrypoint, { method: "POST", body: JSON.stringify({ text: "héllo" }) });
      expect(await answer.json()).toEqual({ text: "OLLÉH", count: 5 });
    });
  },
);

async function unpackAll(scene: Scene): Promise<{ chainlet: Chainlet; directory: string }[]> {
  const { chainlets } = scene.fake.platform.deployments[0]!;
  return Promise.all(
    chainlets.map(async (chainlet) => {
      const directory = join(scene.home, "arrived", chainlet.name);
      await mkdir(directory, { recursive: true });
      execFileSync("tar", ["-xf", "-", "-C", directory], { input: scene.fake.archive(chainlet.s3Key) });
      return { chainlet, directory };
    }),
  );
}

function examine(arrived: readonly { chainlet: Chainlet; directory: string }[]): Examined[] {
  const input = arrived.map(({ chainlet, directory }) => ({
    directory,
    encoded: Buffer.from(JSON.stringify(chainlet.config)).toString("base64"),
  }));
  const output = execFileSync(trussPython!, [here("./load.py")], {
    input: JSON.stringify(input),
    encoding: "utf8",
  });
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

/** What runs during the test, and ends with it. */
class Processes implements AsyncDisposable {
  readonly #children: ChildProcess[] = [];
  readonly #servers: { close(): void }[] = [];

  /** Starts a chainlet's server as its image would, behind the platform's proxy. */
  async chainlet(directory: string, proxy: string, addresses: object, scene: Scene): Promise<string> {
    const [port, outer] = [await freePort(), await freePort()];
    const world = join(directory, "..", `${outer}`);
    await mkdir(join(world, "secrets"), { recursive: true });
    await writeFile(join(world, "secrets/baseten_chain_api_key"), scene.fake.apiKey);
    await writeFile(join(world, "dynamic_chainlet_config"), JSON.stringify(addresses));
    const text = await readFile(join(directory, "config.yaml"), "utf8");
    expect(text).toContain("exec node /app/data/server.mjs");
    this.#start(process.execPath, [join(directory, "data/server.mjs")], {
      CHAINS_DYNAMIC_CONFIG_DIR: world,
      CHAINS_SECRETS_DIR: join(world, "secrets"),
      CHAINS_WEIGHTS_ROOT: join(world, "weights"),
      CHAINS_APP_HOME: directory,
      PORT: String(port),
    });
    const server = proxy
      .replace(/listen 8080[^;]*;/, `listen 127.0.0.1:${outer};`)
      .replace(/(127\.0\.0\.1|localhost|0\.0\.0\.0):8000/g, `127.0.0.1:${port}`);
    const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path`);
    // Those that the platform does not set itself would be where only root may write.
    const temp = kinds.filter((kind) => !server.includes(kind)).map((kind) => `${kind} ${world}/${kind};`);
    const config = `daemon off; pid ${world}/nginx.pid; error_log ${world}/error.log; events {} http { access_log off; ${temp.join(" ")}\n${server} }`;
    await writeFile(join(world, "nginx.conf"), config);
    this.#start(NGINX!, ["-p", world, "-e", join(world, "error.log"), "-c", join(world, "nginx.conf")], {});
    const url = `http://127.0.0.1:${outer}`;
    await this.#untilReady(`${url}/v1/models/model`);
    return `${url}/v1/models/model:predict`;
  }

  /** Serves an existing truss's own model. */
  async python(directory: string): Promise<string> {
    const child = this.#start(trussPython!, [here("./serve_model.py"), directory], {});
    const [line] = await once(createInterface(child.stdout!), "line");
    return `http://127.0.0.1:${line}/v1/models/model:predict`;
  }

  /** Stands for an image that nobody can run here. */
  async counter(): Promise<string> {
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ count: JSON.parse(body).text.length }));
      });
    });
    this.#servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/count`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close();
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null) return;
        const exited = once(child, "exit");
        child.kill();
        await exited;
      }),
    );
  }

  /** Asks, one question after the other, until the server says that it is ready, or one has ended. */
  async #untilReady(url: string): Promise<void> {
    for (;;) {
      const isReady = await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isReady) return;
      const ended = this.#children.find(({ exitCode }) => exitCode !== null);
      if (ended) throw new Error(`${ended.spawnfile} ended with ${ended.exitCode}.`);
      await delay(50);
    }
  }

  #start(command: string, args: readonly string[], env: Record<string, string>): ChildProcess {
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH ?? "", ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.resume();
    this.#children.push(child);
    return child;
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
