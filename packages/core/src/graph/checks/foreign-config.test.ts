import { expect, test } from "vitest";
import { z } from "zod";
import {
  Assets,
  Chainlet,
  ChainletBase,
  ChainletOptions,
  Compute,
  DockerImage,
  DockerServerChainlet,
  depends,
  EngineBuilderLLMChainlet,
  endpoint,
  HealthChecks,
  ModelRepo,
  type Remote,
  RemoteConfig,
  TrussChainlet,
  WeightsSource,
} from "../../index.ts";
import { checkChain } from "../check-chain.ts";

const server = { image: "i", startCommand: "c", serverPort: 8000, predictEndpoint: "/predict" };
const compute = new Compute({ gpu: "L4" });
const cached = [new ModelRepo({ repoId: "o/r", revision: "main", useVolume: true, volumeFolder: "r" })];
const weights = [new WeightsSource({ source: "hf://o/r", mountLocation: "/models/r" })];

test("a chainlet that runs elsewhere may set what has an effect there", () => {
  @Chainlet({ remoteConfig: new RemoteConfig({ compute, assets: new Assets({ weights }) }) })
  class Vllm extends DockerServerChainlet(server) {}
  @Chainlet({ remoteConfig: new RemoteConfig({ compute, assets: new Assets({ weights }), name: "engine" }) })
  class Llama extends EngineBuilderLLMChainlet({ engineBuilderConfig: {} }) {}
  @Chainlet({ remoteConfig: new RemoteConfig({ name: "whisper" }) })
  class Whisper extends TrussChainlet({ trussDir: "./whisper" }) {}
  @Chainlet()
  class Search extends ChainletBase {
    constructor(
      @depends(Vllm) readonly vllm: Remote<Vllm>,
      @depends(Llama) readonly llama: Remote<Llama>,
      @depends(Whisper) readonly whisper: Remote<Whisper>,
    ) {
      super();
    }
    @endpoint()
    async runRemote() {}
  }
  expect(checkChain(Search)).toEqual([]);
});

test("settings that would be ignored are listed", () => {
  @Chainlet({
    remoteConfig: new RemoteConfig({
      dockerImage: new DockerImage({ aptRequirements: ["git"] }),
      assets: new Assets({ cached }),
      options: new ChainletOptions({ healthChecks: new HealthChecks({ restartThresholdSeconds: 9 }) }),
    }),
  })
  class Llama extends EngineBuilderLLMChainlet({ engineBuilderConfig: {} }) {}
  @Chainlet({ remoteConfig: new RemoteConfig({ compute }) })
  class Whisper extends TrussChainlet({ trussDir: "./whisper" }) {}
  @Chainlet({
    remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ npmRequirements: ["sharp"] }) }),
  })
  class Vllm extends DockerServerChainlet(server) {}
  @Chainlet()
  class Search extends ChainletBase {
    constructor(
      @depends(Llama) readonly llama: Remote<Llama>,
      @depends(Whisper) readonly whisper: Remote<Whisper>,
      @depends(Vllm) readonly vllm: Remote<Vllm>,
    ) {
      super();
    }
    @endpoint()
    async runRemote() {}
  }
  expect(checkChain(Search).map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "CHAINLET_OPTIONS_INVALID: Llama sets remoteConfig.dockerImage, remoteConfig.assets.cached, remoteConfig.options.healthChecks: an engine builder chainlet does not support it.",
    "CHAINLET_OPTIONS_INVALID: Whisper sets remoteConfig.compute: the config.yaml of its trussDir decides it.",
    "CHAINLET_OPTIONS_INVALID: Vllm sets remoteConfig.dockerImage.npmRequirements: the server's image decides it.",
  ]);
});

test("a chainlet that runs elsewhere is no entrypoint", () => {
  @Chainlet()
  class Vllm extends DockerServerChainlet(server) {}
  expect(checkChain(Vllm)).toMatchObject([
    { code: "ENTRYPOINT_INVALID", fix: "Write a chainlet that depends on it, and mark that one." },
  ]);
});

test("a chainlet that runs elsewhere has no @endpoint of its own", () => {
  @Chainlet()
  class Vllm extends DockerServerChainlet(server) {
    @endpoint({ output: z.int() })
    override async runRemote() {
      return 1;
    }
  }
  expect(checkChain(Vllm)).toMatchObject([
    { code: "ENTRYPOINT_INVALID" },
    { code: "ENDPOINT_MISPLACED", message: "Vllm runs elsewhere and cannot have an @endpoint of its own." },
  ]);
});
