import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type ChainDeployment, type WatchOptions, watchChain } from "@truss-chains/baseten";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Recorded } from "./fake/fake-baseten.ts";
import { Scene, SMALL_CHAIN } from "./scene.ts";

type Happening =
  | { readonly what: "changed"; readonly files: readonly string[] }
  | { readonly what: "deployed" | "unchanged"; readonly deployment: ChainDeployment }
  | { readonly what: "failed"; readonly code: string };

/** A watch that goes on beside the test, which waits for what it tells. */
class Watched implements AsyncDisposable {
  readonly #happened: Happening[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #wake = () => {};

  constructor(scene: Scene, more: Partial<WatchOptions> = {}) {
    const tell = (happening: Happening) => {
      this.#happened.push(happening);
      this.#wake();
    };
    this.#running = watchChain(scene.source, {
      ...scene.options(),
      signal: this.#stop.signal,
      onChange: (files) => tell({ what: "changed", files }),
      onDeployed: (deployment) => tell({ what: "deployed", deployment }),
      onUnchanged: (deployment) => tell({ what: "unchanged", deployment }),
      onFailed: ({ code }) => tell({ what: "failed", code }),
      ...more,
    });
    this.#running.catch(() => this.#wake());
  }

  /** What is told next, but for changes. */
  async next(): Promise<Exclude<Happening, { what: "changed" }>> {
    for (;;) {
      const happening = this.#happened.shift();
      if (happening && happening.what !== "changed") return happening;
      if (happening) continue;
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
        this.#running,
      ]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.set({ "chain.ts": SMALL_CHAIN });
  scene.fake.platform.lifeOf = () => ["MODEL_READY"];
});
afterEach(() => scene[Symbol.asyncDispose]());

const deployments = () => scene.fake.platform.deployments;
const isDeploy = ({ operation }: Recorded) => operation === "deploy_chain_atomic";
const uploads = () => scene.fake.s3.calls.filter(({ method }) => method === "PUT").map(({ key }) => key);
const keysOf = (at: number) =>
  Object.fromEntries(deployments()[at]!.chainlets.map(({ name, s3Key }) => [name, s3Key]));

/** Like SMALL_CHAIN, where Add has data and an existing truss stands beside it. */
const MANY_INPUTS = SMALL_CHAIN.replace(
  "import { Chainlet,",
  "import { DockerImage, RemoteConfig, TrussChainlet, Chainlet,",
)
  .replace(
    "@Chainlet()\nexport class Add",
    `@Chainlet()
export class Upper extends TrussChainlet({ trussDir: "./upper", input: z.object({}), output: z.string() }) {}

@Chainlet({ remoteConfig: new RemoteConfig({ dockerImage: new DockerImage({ dataDir: "../data" }) }) })
export class Add`,
  )
  .replace(
    "constructor(@depends(Add)",
    "constructor(@depends(Upper) readonly upper: Remote<typeof Upper.prototype>, @depends(Add)",
  );

async function setManyInputs(): Promise<void> {
  await scene.write({
    "../data/words.txt": "one",
    "chain.ts": MANY_INPUTS,
    "upper/config.yaml": "model_name: upper\nrequirements_file: requirements.txt\n",
    "upper/requirements.txt": "numpy\n",
    "upper/model/model.py": "class Model:\n  def predict(self, inputs):\n    return inputs\n",
  });
}

describe("a watched chain", () => {
  it("is deployed again after a change, and goes on after one that does not build", async () => {
    await using watched = new Watched(scene);
    expect(await watched.next()).toMatchObject({ what: "deployed" });
    await scene.write({ "chain.ts": `${SMALL_CHAIN}\nthis does not parse` });
    expect(await watched.next()).toEqual({ what: "failed", code: "SOURCE_SYNTAX" });
    await scene.write({ "chain.ts": SMALL_CHAIN.replace("a + b", "a - -b") });
    expect(await watched.next()).toMatchObject({ what: "deployed" });
    expect(deployments().map(({ isDraft }) => isDraft)).toEqual([true, true]);
    expect(scene.fake.platform.chains).toHaveLength(1);
  });

  it("uploads only the archives that have changed, and says which chainlet did", async () => {
    await using watched = new Watched(scene);
    await watched.next();
    expect(uploads()).toHaveLength(3);
    await scene.write({ "chain.ts": SMALL_CHAIN.replace("total = 0", "total = values.length * 0") });
    await watched.next();
    // Sum and the source; what Add is has been there.
    expect(uploads()).toHaveLength(5);
    expect(keysOf(1).Add).toBe(keysOf(0).Add);
    expect(keysOf(1).Sum).not.toBe(keysOf(0).Sum);
    expect(scene.events).toContainEqual({ type: "notice", message: "Differs from what is deployed: Sum." });
    const names = deployments().flatMap(({ chainlets }) => chainlets.map(({ oracle }) => oracle.name));
    expect(new Set(names).size).toBe(4);
  });

  it("is not pushed when what is built stays the same; Baseten then hears nothing", async () => {
    await using watched = new Watched(scene);
    const first = await watched.next();
    const requests = scene.fake.requests.length;
    await scene.write({ "notes.md": "nothing to build" });
    expect(await watched.next()).toEqual({ ...first, what: "unchanged" });
    await scene.write({ "chain.ts": `${SMALL_CHAIN}\n// a comment` });
    expect(await watched.next()).toEqual({ ...first, what: "unchanged" });
    expect(scene.fake.requests).toHaveLength(requests);
  });

  it.each([
    ["a data file in another directory", "../data/words.txt", "two", "Add"],
    ["a new file in a directory that archives leave out, of the data", "../data/lib/more.txt", "more", "Add"],
    ["a model's code", "upper/model/model.py", "class Model:\n  pass\n", "Upper"],
    ["a model's requirements", "upper/requirements.txt", "numpy\nscipy\n", "Upper"],
  ])("is deployed again after a change of %s", async (_, path, text, chainlet) => {
    await setManyInputs();
    await using watched = new Watched(scene);
    expect(await watched.next()).toMatchObject({ what: "deployed" });
    await scene.write({ [path]: text });
    expect(await watched.next()).toMatchObject({ what: "deployed" });
    expect(scene.events).toContainEqual({
      type: "notice",
      message: `Differs from what is deployed: ${chainlet}.`,
    });
    expect(scene.fake.archive(keysOf(1)[chainlet]!).includes(text)).toBe(true);
  });

  it("is deployed again after a module of its own changes that archives leave out", async () => {
    await scene.write({
      "chain.ts": SMALL_CHAIN.replace("a + b", "plus(a, b)").replace(
        "import { z }",
        `import { plus } from "./lib/plus.ts";\nimport { z }`,
      ),
      "lib/plus.ts": "export const plus = (a: number, b: number) => a + b;",
    });
    await using watched = new Watched(scene);
    await watched.next();
    // As editors save: a new file in place of the old one.
    await writeFile(join(scene.project, "lib/new"), "export const plus = (a: number, b: number) => a - -b;");
    await rename(join(scene.project, "lib/new"), join(scene.project, "lib/plus.ts"));
    expect(await watched.next()).toMatchObject({ what: "deployed" });
  });

  it("is built again when a missing module is made", async () => {
    await scene.write({ "chain.ts": `import "./later/on.ts";\n${SMALL_CHAIN}` });
    await using watched = new Watched(scene);
    expect(await watched.next()).toEqual({ what: "failed", code: "SOURCE_IMPORT_MISSING" });
    await scene.write({ "later/on.ts": "export const on = true;" });
    let happening = await watched.next();
    // The directory may be seen before the file in it.
    while (happening.what === "failed") happening = await watched.next();
    expect(happening.what).toBe("deployed");
  });

  it("misses no change that is made while it begins to watch", async () => {
    await setManyInputs();
    const { onEvent } = scene.options();
    const edits = ["second", "third"];
    await using watched = new Watched(scene, {
      onEvent: (event) => {
        onEvent!(event);
        // The build knows of the data by now, or is about to; the watcher may not yet.
        const isBuilding = event.type === "step" && event.step === "build" && event.state !== "done";
        const text = isBuilding ? edits.shift() : undefined;
        if (text !== undefined) write(join(scene.project, "../data/words.txt"), text);
      },
    });
    for (;;) {
      await watched.next();
      if (scene.fake.archive(keysOf(deployments().length - 1).Add!).includes("third")) break;
    }
  });

  it("is pushed at once when a change comes while a deployment is waited for", async () => {
    let isSlow = true;
    scene.fake.platform.lifeOf = () => (isSlow ? ["BUILDING_MODEL"] : ["MODEL_READY"]);
    const { onEvent } = scene.options();
    await using watched = new Watched(scene, {
      onEvent: (event) => {
        onEvent!(event);
        if (event.type !== "chainlets" || !isSlow) return;
        isSlow = false;
        write(scene.source, SMALL_CHAIN.replace("a + b", "a - -b"));
      },
    });
    const { deployment } = (await watched.next()) as { deployment: ChainDeployment };
    expect(
      deployments()
        .map(({ id }) => id)
        .indexOf(deployment.deploymentId),
    ).toBe(1);
  });

  it("is waited for further when the change that came meanwhile is none", async () => {
    scene.fake.platform.lifeOf = () => ["BUILDING_MODEL"];
    const { onEvent } = scene.options();
    let isTouched = false;
    await using watched = new Watched(scene, {
      onEvent: (event) => {
        onEvent!(event);
        if (event.type === "chainlets" && !isTouched) write(join(scene.project, "notes.md"), "a note");
        if (event.type === "chainlets") isTouched = true;
      },
      onChange: () => {
        for (const chainlet of scene.fake.platform.chainlets) chainlet.states = ["MODEL_READY"];
      },
    });
    expect(await watched.next()).toMatchObject({ what: "deployed" });
    expect(deployments()).toHaveLength(1);
  });
});

describe("what a watch has uploaded before", () => {
  const changed = SMALL_CHAIN.replace("total = 0", "total = values.length * 0");

  it("is sent again when Baseten refuses it", async () => {
    await using watched = new Watched(scene);
    await watched.next();
    let refusals = 1;
    scene.fake.trouble = (request) =>
      isDeploy(request) && refusals-- > 0 ? { graphqlError: "Nothing was uploaded as that." } : undefined;
    await scene.write({ "chain.ts": changed });
    expect(await watched.next()).toMatchObject({ what: "deployed" });
    expect(keysOf(1).Add).not.toBe(keysOf(0).Add);
  });

  it("is sent again after a deployment that failed", async () => {
    await using watched = new Watched(scene);
    await watched.next();
    scene.fake.platform.lifeOf = () => ["BUILDING_MODEL_FAILED"];
    await scene.write({ "chain.ts": changed });
    expect(await watched.next()).toEqual({ what: "failed", code: "DEPLOY_FAILED" });
    scene.fake.platform.lifeOf = () => ["MODEL_READY"];
    await scene.write({ "chain.ts": SMALL_CHAIN });
    expect(await watched.next()).toMatchObject({ what: "deployed" });
    expect(new Set([keysOf(0).Add, keysOf(1).Add, keysOf(2).Add]).size).toBe(2);
    expect(keysOf(2).Add).not.toBe(keysOf(1).Add);
  });
});

/** Written by someone else, at a time of its own. */
function write(file: string, text: string): void {
  void mkdir(dirname(file), { recursive: true }).then(() => writeFile(file, text));
}
