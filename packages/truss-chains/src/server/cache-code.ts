// A command of the image's build: keeps what V8 compiled of the runtime, so that servers need not compile it. A chainlet
// is served first: V8 compiles a function when it is called.
import { renameSync, writeFileSync } from "node:fs";
import { codeCache, script, sdk } from "./load-runtime.ts";

const { Chainlet, ChainletBase, endpoint, serveChainlet } = sdk;
const NAME = "CodeCache";

@Chainlet()
class Nothing extends ChainletBase {
  @endpoint()
  async runRemote(): Promise<void> {}
}

await serveChainlet(Nothing, {
  config: {
    name: NAME,
    displayName: NAME,
    port: 0,
    endpoints: { predict: "/predict", readiness: "/ready", liveness: "/live" },
    secrets: [],
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
const temporary = `${codeCache}.new`;
writeFileSync(temporary, script.createCachedData());
renameSync(temporary, codeCache);
process.exit();
