// A command of the image's build: keeps what V8 compiled of the runtime, so that servers need not compile it. A chainlet
// with a dependency is served first: V8 compiles a function when it is called.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Remote } from "@truss-chains/core";
import { codeCache, script, sdk } from "./load-runtime.ts";

const { Chainlet, ChainletBase, depends, endpoint, serveChainlet } = sdk;
const API_KEY = "baseten_chain_api_key";

@Chainlet()
class Callee extends ChainletBase {
  @endpoint()
  async runRemote(): Promise<void> {}
}

@Chainlet()
class Caller extends ChainletBase {
  constructor(@depends(Callee) readonly callee: Remote<Callee>) {
    super();
  }

  @endpoint()
  async runRemote(): Promise<void> {}
}

// What the platform would mount. The address is never called.
const mounts = mkdtempSync(join(tmpdir(), "code-cache-"));
const callee = { predict_url: "http://127.0.0.1:1/predict" };
writeFileSync(join(mounts, API_KEY), "none");
writeFileSync(join(mounts, "dynamic_chainlet_config"), JSON.stringify({ Callee: callee }));
process.env.CHAINS_SECRETS_DIR = mounts;
process.env.CHAINS_DYNAMIC_CONFIG_DIR = mounts;

await serveChainlet(Caller, {
  config: {
    name: "CodeCache",
    displayName: "CodeCache",
    port: 0,
    endpoints: { predict: "/predict", readiness: "/ready", liveness: "/live" },
    secrets: [API_KEY],
    predictConcurrency: 1,
    streamingReadTimeout: 60,
    dataDir: null,
    weights: [],
    modelCache: false,
    workerThreads: 0,
    pings: null,
    debugLogs: false,
    contract: { hash: "", schemas: { kind: "unary", input: null, output: null } },
  },
});
rmSync(mounts, { recursive: true });

const temporary = `${codeCache}.new`;
writeFileSync(temporary, script.createCachedData());
renameSync(temporary, codeCache);
process.exit();
