import {
  Assets,
  Chainlet,
  ChainletBase,
  context,
  type DeploymentContext,
  endpoint,
  type LazyDataResolver,
  ModelRepo,
  markEntrypoint,
  RemoteConfig,
  resolver,
  WeightsSource,
} from "@truss-chains/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { runLocal } from "./run-local.ts";

const CACHED = new ModelRepo({
  repoId: "owner/repo",
  revision: "main",
  useVolume: true,
  volumeFolder: "mini",
});
const MOUNTED = new WeightsSource({ source: "hf://owner/repo@main", mountLocation: "/models/llama" });

@markEntrypoint()
@Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ cached: [CACHED] }) }) })
class Cached extends ChainletBase {
  constructor(@resolver() private readonly weights: LazyDataResolver) {
    super();
  }

  @endpoint({ output: z.array(z.string()) })
  async runRemote() {
    return [await this.weights.blockUntilDownloadComplete(), this.weights.path("mini")];
  }
}

@markEntrypoint()
@Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ weights: [MOUNTED] }) }) })
class Mounted extends ChainletBase {
  constructor(@context() private readonly ctx: DeploymentContext) {
    super();
  }

  @endpoint({ output: z.string() })
  async runRemote() {
    return this.ctx.resolveMount("/models/llama");
  }
}

test("chainlets find cached and mounted weights in the directory that a test names", async () => {
  const weightsDir = "/somewhere/weights";
  await using cached = runLocal(Cached, { weightsDir });
  expect(await cached.runRemote()).toEqual([weightsDir, "/somewhere/weights/mini"]);
  await using mounted = runLocal(Mounted, { weightsDir });
  expect(await mounted.runRemote()).toBe("/somewhere/weights/models/llama");
});

test("weights that are not on this machine are an error for who waits for them, not an empty directory", async () => {
  await using cached = runLocal(Cached);
  await expect(cached.runRemote()).rejects.toThrow(/weights of Cached, owner\/repo, are not on this machine/);
});
