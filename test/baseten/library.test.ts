import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { push, watchChain } from "@truss-chains/baseten";
import { describe, expect, expectTypeOf, it } from "vitest";
import { Sum } from "./fixtures/sums.ts";
import { Scene, SMALL_CHAIN } from "./scene.ts";

describe("from a program", () => {
  it("an entrypoint's class is pushed, and the handle is called with its types", async () => {
    await using scene = await Scene.set({});
    scene.fake.invoke = (_, body, response) => {
      const { values } = JSON.parse(body) as { values: number[] };
      response.end(JSON.stringify(values.reduce((sum, value) => sum + value, 0)));
    };
    const chain = await push(Sum, scene.options());
    expectTypeOf(chain.runRemote).parameter(0).toEqualTypeOf<{ values: number[] }>();
    expect(await chain.runRemote({ values: [1, 2, 4] })).toBe(7);
    const [deployment] = scene.fake.platform.deployments;
    const source = scene.fake.archive(deployment!.sourceS3Key!);
    const file = fileURLToPath(new URL("./fixtures/sums.ts", import.meta.url));
    expect(source.includes(await readFile(file))).toBe(true);
  });
});

describe("a watched chain", () => {
  it("is pushed again after a change, and goes on after one that does not build", async () => {
    await using scene = await Scene.set({ "chain.ts": SMALL_CHAIN });
    const stop = new AbortController();
    const happened: string[] = [];
    await watchChain(scene.source, {
      ...scene.options(),
      signal: stop.signal,
      onDeployed: async () => {
        happened.push("deployed");
        if (happened.length === 1) await scene.write({ "chain.ts": `${SMALL_CHAIN}\nthis does not parse` });
        else stop.abort();
      },
      onFailed: async ({ code }) => {
        happened.push(code);
        await scene.write({ "chain.ts": SMALL_CHAIN.replace("a + b", "b + a") });
      },
    });
    expect(happened).toEqual(["deployed", "SOURCE_SYNTAX", "deployed"]);
    expect(scene.fake.platform.deployments.map(({ isDraft }) => isDraft)).toEqual([true, true]);
    expect(scene.fake.platform.chains).toHaveLength(1);
  });
});
