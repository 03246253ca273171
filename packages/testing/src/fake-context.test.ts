import {
  Assets,
  Chainlet,
  ChainletBase,
  context,
  type DeploymentContext,
  depends,
  endpoint,
  type Remote,
  RemoteConfig,
  type RequestContext,
  WeightsSource,
} from "@truss-chains/core";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { fakeContext } from "./fake-context.ts";
import { fakeRequest } from "./fake-request.ts";

@Chainlet()
class Embed extends ChainletBase {
  @endpoint({ output: z.int() })
  async runRemote() {
    return 1;
  }
}

const MODEL = new WeightsSource({ source: "hf://owner/model@main", mountLocation: "/models/rerank" });

@Chainlet({
  remoteConfig: new RemoteConfig({ assets: new Assets({ secretKeys: ["token"], weights: [MODEL] }) }),
})
class Rerank extends ChainletBase {
  constructor(
    @depends(Embed) private readonly embed: Remote<Embed>,
    @context() private readonly deployment: DeploymentContext,
  ) {
    super();
  }

  @endpoint({ output: z.string() })
  async runRemote({ signal, log, headers }: RequestContext) {
    signal.throwIfAborted();
    log.info("reranking");
    const { secrets, dataDir } = this.deployment;
    return `${await this.embed.runRemote()} ${secrets.token} ${dataDir} ${headers.get("x-tenant")}`;
  }

  get directory(): string {
    return this.deployment.resolveMount("/models/rerank");
  }
}

const embed = { runRemote: async () => 7 };

test("a chainlet with a context and a request is constructed and called like any class", async () => {
  const rerank = new Rerank(
    embed,
    fakeContext(Rerank, {
      secrets: { token: "t", other: "o" },
      dataDir: "/data",
      weightsDir: "/tmp/weights",
    }),
  );
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const request = fakeRequest({ headers: new Headers({ "x-tenant": "acme" }), log });
  expect(await rerank.runRemote(request)).toBe("7 t /data acme");
  expect(log.info).toHaveBeenCalledWith("reranking");
  expect(rerank.directory).toBe("/tmp/weights/models/rerank");
});

test("a secret that the class does not name, or that the test does not give, fails as when it is deployed", async () => {
  const { secrets } = fakeContext(Rerank, { secrets: { other: "o" } });
  expect(() => secrets.other).toThrow(expect.objectContaining({ code: "SECRET_NOT_FOUND" }));
  expect(() => secrets.token).toThrow(expect.objectContaining({ code: "SECRET_NOT_FOUND" }));
});

test("a call can be one that was aborted, or that has a deadline", async () => {
  const rerank = new Rerank(embed, fakeContext(Rerank));
  await expect(rerank.runRemote(fakeRequest({ signal: AbortSignal.abort() }))).rejects.toThrow("abort");
  expect(fakeRequest({ deadline: 5 }).deadline).toBe(5);
  expect(fakeRequest().signal.aborted).toBe(false);
});
