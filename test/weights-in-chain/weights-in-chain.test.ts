import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { chains } from "../support/cli.ts";
import { IMPORTS, makeProject } from "../support/project.ts";
import { FakeHub } from "../weights/support/hub.ts";

const FILE = Buffer.from("the weights of a small model\n".repeat(1000));

const CHAIN = `${IMPORTS}
import { readFileSync } from "node:fs";
const MODEL = new ModelRepo({ repoId: "org/model", revision: "main", useVolume: true, volumeFolder: "model" });
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
  const hub = await FakeHub.start();
  hub.repos.set("org/model", { commit: "a".repeat(40), branches: ["main"], files: { "model.bin": FILE } });
  const project = await makeProject({ "chain.ts": CHAIN });
  const env = { HF_ENDPOINT: hub.url };
  const built = await chains(["build", "chain.ts", "--out", "out"], { cwd: project.root, env });
  expect(built.code).toBe(0);
  const truss = project.path("out", "Reader");

  const server = spawn(process.execPath, ["data/server.mjs"], {
    cwd: truss,
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      CHAINS_APP_HOME: truss,
      CHAINS_MANIFEST_ROOT: truss,
      CHAINS_WEIGHTS_ROOT: project.path("model_cache"),
      CHAINS_TRANSFER_STATS_FILE: project.path("stats.json"),
      ...env,
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
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(metrics).toContain(`\nmodel_cache_manifest_size_bytes ${FILE.length}\n`);
  expect(metrics).toContain('\nmodel_cache_transfer_success_total{success="True"} 1\n');
  expect(metrics).toContain('\nmodel_cache_download_time_seconds_bucket{le="1024"} 1\n');
  server.kill("SIGTERM");
  expect(await once(server, "exit")).toEqual([0, null]);
});
