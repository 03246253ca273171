import { once } from "node:events";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { push } from "@truss-chains/baseten";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chains, startChains } from "../support/cli.ts";
import { Chat } from "./fixtures/talkers.ts";
import { Scene, SMALL_CHAIN } from "./scene.ts";

/** A source whose import has begun, and does not end. */
const ENDLESS = `console.log("importing");\nawait new Promise((done) => setTimeout(done, 100_000_000));\n${SMALL_CHAIN}`;

const CALLEES = Array.from({ length: 12 }, (_, index) => `Add${index}`);
/** Takes a while to be bundled. */
const WIDE = SMALL_CHAIN.replace(
  "@markEntrypoint",
  `${CALLEES.map((name) => `@Chainlet()\nexport class ${name} extends Add {}`).join("\n")}\n@markEntrypoint`,
).replace(
  "constructor(",
  `constructor(${CALLEES.map((name) => `@depends(${name}) readonly ${name.toLowerCase()}: Remote<Add>, `).join("")}`,
);

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.set({ "chain.ts": SMALL_CHAIN });
  await mkdir(join(scene.home, "tmp"));
});
afterEach(() => scene[Symbol.asyncDispose]());

const options = () => ({ cwd: scene.project, env: { ...scene.env, TMPDIR: join(scene.home, "tmp") } });
const leftInTmp = () => readdir(join(scene.home, "tmp"));

describe("Ctrl-C", () => {
  it("ends chains push while the source is imported: nothing is sent, nothing is left", async () => {
    await scene.write({ "chain.ts": ENDLESS });
    const running = startChains(["push", "chain.ts"], options());
    await running.saw(/importing/);
    expect(await running.stop("SIGINT")).toBe(130);
    expect(running.stderr()).toContain("The push was stopped; nothing was deployed.");
    expect(scene.fake.requests).toEqual([]);
    expect(await leftInTmp()).toEqual([]);
  });

  it("ends chains push while it builds", async () => {
    await scene.write({ "chain.ts": WIDE });
    const running = startChains(["push", "chain.ts", "--json"], options());
    await running.saw(/"state":"progress"/);
    expect(await running.stop("SIGINT")).toBe(130);
    expect(JSON.parse(running.stdout())).toMatchObject({ error: { code: "INTERRUPTED" } });
    expect(scene.fake.requests).toEqual([]);
    expect(await leftInTmp()).toEqual([]);
  });

  it("ends chains push while Baseten is silent, and leaves no lock", async () => {
    scene.fake.trouble = ({ operation }) =>
      operation === "model_s3_upload_credentials" ? { silence: "before" } : undefined;
    const running = startChains(["push", "chain.ts"], options());
    await running.saw(/Uploading/);
    expect(await running.stop("SIGINT")).toBe(130);
    expect(running.stderr()).toContain("nothing was deployed");
    const left = await readdir(join(scene.home, ".local/state/truss-chains/pushes"));
    expect(left.filter((name) => name.endsWith(".lock"))).toEqual([]);
    expect(await leftInTmp()).toEqual([]);
  });

  it("ends chains invoke while the chain is silent", async () => {
    await push(scene.source, scene.options());
    for (const flags of [[], ["--json"]]) {
      const asked = new Promise<void>((resolve) => {
        scene.fake.invoke = () => resolve();
      });
      const running = startChains(["invoke", "--input", "{}", ...flags], options());
      await asked;
      expect(await running.stop("SIGINT")).toBe(130);
      expect(running.stdout() + running.stderr()).toContain("The call was stopped");
    }
  });

  it("ends chains invoke while a WebSocket is not opened", async () => {
    await push(Chat, scene.options());
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    scene.fake.serveFrom(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const asked = once(silent, "connection");
    const running = startChains(["invoke"], options());
    const [socket] = await asked;
    expect(await running.stop("SIGINT")).toBe(130);
    expect(running.stderr()).toContain("The call was stopped");
    socket.destroy();
    silent.close();
  });

  it("ends chains logs while Baseten is silent", async () => {
    await push(scene.source, scene.options());
    for (const flags of [[], ["--follow"]]) {
      const asked = new Promise<void>((resolve) => {
        scene.fake.trouble = ({ path }) => {
          if (!path.endsWith("/logs")) return undefined;
          resolve();
          return { silence: "before" };
        };
      });
      const running = startChains(["logs", ...flags], options());
      await asked;
      // Who follows ends it so.
      expect(await running.stop("SIGINT")).toBe(flags.length > 0 ? 0 : 130);
      expect(running.stderr()).not.toContain("INTERNAL");
    }
  });

  it("ends chains build while the source is imported, and the last output stays as it is", async () => {
    await chains(["build", "chain.ts", "--out", "out"], options());
    const before = await readFile(join(scene.project, "out/chain.json"), "utf8");
    await scene.write({ "chain.ts": ENDLESS });
    const running = startChains(["build", "chain.ts", "--out", "out"], options());
    await running.saw(/importing/);
    expect(await running.stop("SIGINT")).toBe(130);
    expect(running.stderr()).toContain("The build was stopped; nothing was written.");
    expect(await readFile(join(scene.project, "out/chain.json"), "utf8")).toBe(before);
    expect(await readdir(scene.project)).toEqual(["chain.ts", "node_modules", "out", "package.json"]);
    expect(await leftInTmp()).toEqual([]);
  });

  it("ends chains build while it bundles, and no output begins to be there", async () => {
    await scene.write({ "chain.ts": WIDE });
    const running = startChains(["build", "chain.ts", "--out", "out"], options());
    await running.saw(/Building Sums/);
    expect(await running.stop("SIGINT")).toBe(130);
    expect(await readdir(scene.project)).toEqual(["chain.ts", "node_modules", "package.json"]);
    expect(await leftInTmp()).toEqual([]);
  });
});
