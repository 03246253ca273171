import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { push } from "@truss-chains/baseten";
import { describe, expect, expectTypeOf, it } from "vitest";
import { Sum } from "./fixtures/sums.ts";
import { Scene } from "./scene.ts";

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
