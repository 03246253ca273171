import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { push } from "@truss-chains/baseten";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUCKET } from "./fake/resolvers.ts";
import { Scene, SMALL_CHAIN } from "./scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.set({ "chain.ts": SMALL_CHAIN });
});
afterEach(() => scene[Symbol.asyncDispose]());

describe("a push", () => {
  it("deploys every chainlet of a new chain, and waits until all are active", async () => {
    const { platform } = scene.fake;
    const deployment = await push(scene.source, scene.options());
    expect(platform.chains).toHaveLength(1);
    const [chain] = platform.chains;
    expect(chain!.name).toBe("Sums");
    expect(chain!.deployments).toHaveLength(1);
    const [deployed] = chain!.deployments;
    expect(deployed!.chainlets.map(({ name, isEntrypoint }) => [name, isEntrypoint])).toEqual([
      ["Sum", true],
      ["Add", false],
    ]);
    expect(deployment).toMatchObject({
      chainId: chain!.id,
      deploymentId: deployed!.id,
      url: `${chain!.hostname}/deployment/${deployed!.id}/run_remote`,
    });
    expect((await deployment.status()).chainlets.map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE"]);
    const last = scene.events.filter((event) => event.type === "chainlets").at(-1);
    expect(last).toMatchObject({ chainlets: [{ status: "ACTIVE" }, { status: "ACTIVE" }] });
  });

  it("never sends what is secret with the source, whatever .truss_ignore says", async () => {
    const secrets = [".env", ".env.local", ".npmrc", ".trussrc", ".git/config"];
    await scene.write({ ".truss_ignore": "*.bak\n!.env\n", "kept.txt": "", "left.bak": "" });
    for (const name of secrets) await scene.write({ [name]: "TOKEN=abc" });
    await push(scene.source, scene.options());
    const key = scene.fake.platform.deployments[0]!.sourceS3Key!;
    const archive = join(scene.home, "source.tar");
    await writeFile(archive, scene.fake.s3.bucket(BUCKET).objects.get(key)!);
    const names = execFileSync("tar", ["-tf", archive], { encoding: "utf8" }).trim().split("\n");
    expect(names).toEqual([".truss_ignore", "chain.ts", "kept.txt", "package.json"]);
  });
});
