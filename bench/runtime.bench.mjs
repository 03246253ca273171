// From the start of a process to the first probe that says it is ready: the server of a built chainlet, as it is in its
// image, against the least that Node can do, a node:http server that imports nothing else.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { discoverChain } from "../packages/compiler/dist/discover/discover.js";
import { buildChain } from "../packages/compiler/dist/index.js";
import { freePort } from "./free-port.mjs";

const SAMPLES = 25;
const SOURCE = fileURLToPath(new URL("../examples/hello-world/chain.ts", import.meta.url));
const BARE = `import { createServer } from "node:http";
createServer((request, response) => response.end("{}")).listen(Number(process.env.PORT), "127.0.0.1");`;

/** Whether a probe is answered with 200. */
const isReady = (port) =>
  new Promise((resolve) => {
    get({ port, host: "127.0.0.1", path: "/ready", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once("error", () => resolve(false));
  });

async function startToReady(file, env) {
  const port = await freePort();
  const begun = performance.now();
  const server = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, PORT: String(port), CHAINS_HOST: "127.0.0.1", ...env },
    stdio: "ignore",
  });
  const exited = once(server, "exit");
  // A pause between probes: two processes share what is measured.
  while (!(await isReady(port))) await new Promise((resolve) => setTimeout(resolve, 1));
  const took = performance.now() - begun;
  server.kill("SIGKILL");
  await exited;
  return took;
}

/** The server of a truss directory, after the command that its image runs. */
function inImage(directory) {
  execFileSync(process.execPath, [join(directory, "data/server-runtime/cache-code.mjs")]);
  return join(directory, "data/server.mjs");
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export default {
  name: "runtime start to ready",
  async run() {
    const directory = await mkdtemp(join(tmpdir(), "bench-runtime-"));
    try {
      const { trussDirectories } = await buildChain(await discoverChain(SOURCE), join(directory, "out"));
      const bare = join(directory, "bare.mjs");
      await writeFile(bare, BARE);
      await writeFile(join(directory, "baseten_chain_api_key"), "key");
      await writeFile(
        join(directory, "dynamic_chainlet_config"),
        JSON.stringify({ RandInt: { predict_url: "http://127.0.0.1:9/predict" } }),
      );
      const env = { CHAINS_SECRETS_DIR: directory, CHAINS_DYNAMIC_CONFIG_DIR: directory };
      const uncached = join(directory, "uncached");
      await cp(join(trussDirectories.HelloWorld, "data"), uncached, { recursive: true });
      const servers = {
        leaf: inImage(trussDirectories.RandInt),
        entrypoint: inImage(trussDirectories.HelloWorld),
        "entrypoint without its code cache": join(uncached, "server.mjs"),
        bare,
      };
      const times = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
      for (let sample = 0; sample < SAMPLES; sample++) {
        for (const [name, file] of Object.entries(servers)) times[name].push(await startToReady(file, env));
      }
      const { bare: peer, ...ours } = times;
      return Object.entries(ours).map(([kind, samples]) => ({
        name: `runtime start to ready, ${kind}`,
        unit: "ms",
        ours: Math.round(median(samples)),
        peer: Math.round(median(peer)),
        peerName: "bare node:http",
        // Of pairs that ran one after the other: a machine that others use too changes its speed within a run.
        ratio: Number(median(samples.map((time, sample) => time / peer[sample])).toFixed(2)),
        goal: kind.includes("without") ? null : 1.5,
        samples: SAMPLES,
      }));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
