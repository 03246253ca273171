import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { buildChain, discoverChain } from "@truss-chains/compiler";
import { expect, onTestFinished, test } from "vitest";
import { IMPORTS, makeProject } from "../support/project.ts";

const FILE = Buffer.from("the weights of a small model\n".repeat(1000));

const CHAIN = `${IMPORTS}
import { readFileSync } from "node:fs";
const MODEL = new ModelRepo({ repoId: "org/model", revision: "abcdef", useVolume: true, volumeFolder: "model" });
@markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ cached: [MODEL] }) }) })
export class Reader extends ChainletBase {
  private readonly directory: Promise<string>;
  constructor(@resolver() private readonly weights: LazyDataResolver) {
    super();
    this.directory = weights.blockUntilDownloadComplete();
  }
  @endpoint({ output: z.string() }) async runRemote() {
    await this.directory;
    return readFileSync(this.weights.path("model") + "/model.bin", "utf8");
  }
}
`;

test("a built chainlet fetches its cached weights before it is ready, and finds them through the resolver", async () => {
  const origin = createServer((request, response) => {
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
    const [from, to] = range
      ? [Number(range[1]), Math.min(Number(range[2]), FILE.length - 1)]
      : [0, FILE.length - 1];
    response.writeHead(range ? 206 : 200, {
      "content-length": to - from + 1,
      ...(range && { "content-range": `bytes ${from}-${to}/${FILE.length}` }),
    });
    response.end(FILE.subarray(from, to + 1));
  }).listen(0, "127.0.0.1");
  await once(origin, "listening");
  onTestFinished(() => void origin.close());
  const { port: originPort } = origin.address() as { port: number };

  const project = await makeProject({ "chain.ts": CHAIN });
  const built = await buildChain(await discoverChain(project.path("chain.ts")), project.path("out"));
  const root = project.path("world");
  const weightsRoot = join(root, "model_cache");
  await mkdir(join(root, "bptr"), { recursive: true });
  const pointer = {
    resolution: {
      resolution_type: "http",
      url: `http://127.0.0.1:${originPort}/model.bin`,
      expiration_timestamp: 4_044_816_725,
    },
    uid: "org/model:abcdef:model.bin",
    file_name: join(weightsRoot, "model", "model.bin"),
    hashtype: "sha256",
    hash: createHash("sha256").update(FILE).digest("hex"),
    size: FILE.length,
    runtime_secret_name: "hf_access_token",
  };
  await writeFile(
    join(root, "bptr", "bptr-manifest.json"),
    JSON.stringify({ pointers: [pointer], models: null }),
  );

  const server = spawn(process.execPath, ["data/server.mjs"], {
    cwd: built.trussDirectories["Reader"],
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      CHAINS_APP_HOME: built.trussDirectories["Reader"],
      CHAINS_WEIGHTS_ROOT: weightsRoot,
      CHAINS_MANIFEST_ROOT: root,
      CHAINS_TRANSFER_STATS_FILE: join(root, "stats.json"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const port = await new Promise<number>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        log += text;
        const match = /ready on port (\d+)/.exec(log);
        if (match) resolve(Number(match[1]));
      });
    }
    server.once("exit", (code) => reject(new Error(`The server ended with ${code}:\n${log}`)));
  });
  const response = await fetch(`http://127.0.0.1:${port}/predict`, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/json" },
  });
  expect(await response.json()).toBe(FILE.toString());
  server.kill("SIGTERM");
  expect(await once(server, "exit")).toEqual([0, null]);
});
