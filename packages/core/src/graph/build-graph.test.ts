import { ChainsError } from "@truss-chains/errors";
import { expect, test } from "vitest";
import { z } from "zod";
import {
  Assets,
  Chainlet,
  ChainletBase,
  Compute,
  context,
  type DeploymentContext,
  DockerServerChainlet,
  depends,
  EngineBuilderLLMChainlet,
  endpoint,
  markEntrypoint,
  type Remote,
  RemoteConfig,
  TrussChainlet,
} from "../index.ts";
import { buildGraph } from "./build-graph.ts";

const Query = z.object({ query: z.string(), limit: z.int().default(3) });

function chain() {
  @Chainlet({
    remoteConfig: new RemoteConfig({
      name: "embedder",
      compute: new Compute({ gpu: "L4" }),
      assets: new Assets({ secretKeys: ["hf_access_token"] }),
    }),
  })
  class Embed extends ChainletBase {
    @endpoint({ input: z.object({ text: z.string() }), stream: z.number() })
    async *runRemote({ text }: { text: string }) {
      yield text.length;
    }
    isHealthy() {
      return true;
    }
  }
  @markEntrypoint("Semantic search")
  @Chainlet()
  class Search extends ChainletBase {
    constructor(
      @context() readonly deployment: DeploymentContext,
      @depends(Embed, { retries: 3, timeoutSec: 5, useBinary: true, concurrencyLimit: 2 })
      readonly embed: Remote<Embed>,
    ) {
      super();
      throw new Error("Describing a chain constructs nothing.");
    }
    @endpoint({ input: Query, output: z.array(z.string()) })
    async runRemote({ query }: z.output<typeof Query>) {
      return [query];
    }
  }
  return { Embed, Search };
}

test("a graph tells everything of a chain as plain data", () => {
  const graph = buildGraph(chain().Search);
  expect(graph).toMatchObject({
    name: "Semantic search",
    entrypoint: "Search",
    nodes: [
      {
        name: "Embed",
        displayName: "embedder",
        kind: "code",
        endpoint: {
          kind: "stream",
          input: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
          item: { type: "number" },
        },
        dependencies: [],
        usesContext: false,
        usesResolver: false,
        hasHealthCheck: true,
        remoteConfig: { compute: { gpu: "L4", memory: "2Gi" }, assets: { secretKeys: ["hf_access_token"] } },
      },
      {
        name: "Search",
        displayName: "Search",
        endpoint: { kind: "unary", input: { required: ["query"] }, output: { type: "array" } },
        dependencies: [
          {
            target: "Embed",
            parameter: 1,
            options: { retries: 3, timeoutSec: 5, useBinary: true, concurrencyLimit: 2 },
          },
        ],
        usesContext: true,
      },
    ],
  });
  expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
});

test("the same chain always gives the same graph", () => {
  const serialize = () => JSON.stringify(buildGraph(chain().Search));
  expect(serialize()).toBe(serialize());
});

function expectFrozen(value: unknown, path: string): void {
  if (typeof value !== "object" || value === null) return;
  expect(Object.isFrozen(value), path).toBe(true);
  for (const [key, member] of Object.entries(value)) expectFrozen(member, `${path}.${key}`);
}

test("nothing in a graph can be changed", () => {
  expectFrozen(buildGraph(chain().Search), "graph");
});

test("without a name of its own, a chain is named like its entrypoint", () => {
  expect(buildGraph(chain().Embed).name).toBe("embedder");
});

test("what a chainlet that runs elsewhere was given is in its node", () => {
  @Chainlet()
  class Vllm extends DockerServerChainlet({
    image: "vllm/vllm-openai:v0.9.0",
    startCommand: "vllm serve m",
    serverPort: 8000,
    predictEndpoint: "/v1/completions",
    readinessEndpoint: "/ready",
  }) {}
  @Chainlet()
  class Whisper extends TrussChainlet({ trussDir: "./whisper" }) {}
  @Chainlet()
  class Llama extends EngineBuilderLLMChainlet({ engineBuilderConfig: { build: { base_model: "llama" } } }) {}
  @Chainlet()
  class Search extends ChainletBase {
    constructor(
      @depends(Vllm) readonly vllm: Remote<Vllm>,
      @depends(Whisper) readonly whisper: Remote<Whisper>,
      @depends(Llama) readonly llama: Remote<Llama>,
    ) {
      super();
    }
    @endpoint()
    async runRemote() {}
  }
  const [vllm, whisper, llama, search] = buildGraph(Search).nodes;
  expect(vllm!.foreign).toEqual({
    kind: "docker_server",
    baseImage: { image: "vllm/vllm-openai:v0.9.0" },
    startCommand: "vllm serve m",
    serverPort: 8000,
    predictEndpoint: "/v1/completions",
    readinessEndpoint: "/ready",
    livenessEndpoint: "/health",
    runAsUserId: undefined,
    noBuild: undefined,
  });
  expect(whisper!.foreign).toEqual({ kind: "truss", trussDir: "./whisper" });
  expect(llama!.foreign).toEqual({
    kind: "engine_builder",
    engineBuilderConfig: { build: { base_model: "llama" } },
  });
  expect(llama!.endpoint.kind).toBe("stream");
  expect(search!.foreign).toBeUndefined();
});

test("a chain that breaks a rule gives no graph, but one error that lists every problem", () => {
  @Chainlet()
  class Search extends ChainletBase {
    constructor(readonly limit: number) {
      super();
    }
  }
  try {
    buildGraph(Search);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ChainsError);
    const { code, message, problems } = error as ChainsError;
    expect(code).toBe("CHAIN_INVALID");
    expect(problems).toHaveLength(2);
    expect(message.split("\n")).toEqual([
      "The chain of Search has 2 problems:",
      expect.stringContaining("(Search): Search has no endpoint. Add @endpoint("),
      expect.stringContaining("(Search.constructor): Constructor parameter 1 has no decorator"),
    ]);
  }
});
