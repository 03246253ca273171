// A chainlet on the real runtime: `node chainlet.mjs KIND`, on the port in PORT.
import { Chainlet, ChainletBase, describeChainlet, endpoint, endpointContract } from "@truss-chains/core";
import { serveChainlet } from "@truss-chains/runtime";
import { z } from "zod";
import { payloads, STREAM_ITEMS, streamItem } from "./payloads.mjs";

const kind = process.argv[2];

class Peer extends ChainletBase {
  async runRemote(input) {
    return input;
  }
}

class Streamer extends ChainletBase {
  async *runRemote() {
    for (let n = 0; n < STREAM_ITEMS; n++) yield streamItem(n);
  }
}

// Plain JavaScript has no decorators.
const cls = kind === "stream" ? Streamer : Peer;
const spec =
  kind === "stream"
    ? { stream: z.string() }
    : { input: payloads[kind].schema, output: payloads[kind].schema };
endpoint(spec)(cls.prototype, "runRemote");
Chainlet()(cls);

await serveChainlet(cls, {
  config: {
    name: cls.name,
    displayName: cls.name,
    port: Number(process.env.PORT),
    endpoints: { predict: "/v1/models/model:predict", readiness: "/ready", liveness: "/live" },
    secrets: [],
    predictConcurrency: 256,
    streamingReadTimeout: 60,
    dataDir: null,
    weights: [],
    modelCache: false,
    workerThreads: 0,
    pings: null,
    debugLogs: false,
    contract: endpointContract(describeChainlet(cls).endpoint),
  },
});
