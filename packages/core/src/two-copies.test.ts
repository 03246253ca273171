import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import * as core from "./index.ts";

afterEach(() => vi.resetModules());

/** The package as a second installation of it: other modules, other classes. */
async function secondCopy(): Promise<typeof core> {
  vi.resetModules();
  const copy = (await import("./index.ts")) as typeof core;
  expect(copy.ChainletBase).not.toBe(core.ChainletBase);
  return copy;
}

test("a chainlet written with another copy of the package is a chainlet, with all that it says", async () => {
  const other = await secondCopy();
  @other.markEntrypoint("Other")
  @other.Chainlet({ remoteConfig: new other.RemoteConfig({ compute: new other.Compute({ cpuCount: 3 }) }) })
  class Embed extends other.ChainletBase {
    @other.endpoint({ input: z.object({ text: z.string() }), output: z.int() })
    async runRemote({ text }: { text: string }) {
      return text.length;
    }
  }
  @core.Chainlet()
  class Search extends core.ChainletBase {
    constructor(@core.depends(Embed as never) readonly embed: any) {
      super();
    }
    @core.endpoint()
    async runRemote() {}
  }
  expect(core.isChainletClass(Embed)).toBe(true);
  expect(core.selectEntrypoint({ Embed, Search }, "chain.ts")).toBe(Embed);
  expect(core.buildGraph(Search).nodes).toMatchObject([
    { name: "Embed", remoteConfig: { compute: { cpuCount: 3 } } },
    { name: "Search", dependencies: [{ target: "Embed" }] },
  ]);
  expect(JSON.stringify(other.buildGraph(Search))).toBe(JSON.stringify(core.buildGraph(Search)));
});

test("config classes of another copy are accepted", async () => {
  const other = await secondCopy();
  const config = new core.RemoteConfig({ compute: new other.Compute({ gpu: "L4" }) as core.Compute });
  expect(config.compute.gpu).toBe("L4");
});

test("custom servers of another copy keep their kind", async () => {
  const other = await secondCopy();
  @other.Chainlet()
  class Vllm extends other.DockerServerChainlet({
    image: "vllm/vllm-openai:v0.9.0",
    startCommand: "vllm serve m",
    serverPort: 8000,
    predictEndpoint: "/v1/completions",
  }) {}
  expect(core.describeDependency(Vllm as never)).toMatchObject({ name: "Vllm", kind: "docker_server" });
});
