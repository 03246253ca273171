import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { chains, startChains } from "../support/cli.ts";
import { IMPORTS, makeProject } from "../support/project.ts";
import { FakeHub } from "../weights/support/hub.ts";

const COMMIT = "c".repeat(40);
const CHAIN = `${IMPORTS}
import { readFileSync } from "node:fs";
const CACHED = new ModelRepo({ repoId: "owner/cached", revision: "main", useVolume: true, volumeFolder: "model" });
@Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ cached: [CACHED], secretKeys: ["hf_access_token"] }) }) })
export class Cached extends ChainletBase {
  constructor(@resolver() private readonly weights: LazyDataResolver) { super(); }
  @endpoint({ output: z.array(z.string()) }) async runRemote() {
    const directory = await this.weights.blockUntilDownloadComplete();
    return [this.weights.path("model"), directory + "/model"].map((path) => readFileSync(path + "/a.txt", "utf8"));
  }
}
const MOUNTED = new WeightsSource({ source: "hf://owner/mounted@main", mountLocation: "/models/m" });
@markEntrypoint() @Chainlet({ remoteConfig: new RemoteConfig({ assets: new Assets({ weights: [MOUNTED] }) }) })
export class Main extends ChainletBase {
  constructor(@depends(Cached) private readonly cached: Remote<Cached>, @context() private readonly ctx: DeploymentContext) {
    super();
  }
  @endpoint({ output: z.array(z.string()) }) async runRemote() {
    const mounted = readFileSync(this.ctx.resolveMount("/models/m") + "/b.txt", "utf8");
    return [mounted, ...await this.cached.runRemote()];
  }
}
`;
const ANSWER = ["of the mount", "of the cache", "of the cache"];

async function setUp() {
  const hub = await FakeHub.start();
  const repo = { commit: COMMIT, branches: ["main"] };
  hub.repos.set("owner/cached", { ...repo, files: { "a.txt": Buffer.from("of the cache") } });
  hub.repos.set("owner/mounted", { ...repo, files: { "b.txt": Buffer.from("of the mount") } });
  const project = await makeProject({ "chain.ts": CHAIN });
  const env = { HF_ENDPOINT: hub.url, HF_TOKEN: "", CHAINS_WEIGHTS_CACHE: project.path("store") };
  const dev = (more: Record<string, string> = {}) =>
    startChains(["dev", "chain.ts", "--no-watch"], { cwd: project.root, env: { ...env, ...more } });
  const run = (...args: string[]) => chains(["run", "chain.ts", ...args], { cwd: project.root, env });
  const fetches = () => hub.requests.filter(({ url }) => url.includes("/resolve/"));
  return { hub, project, dev, run, fetches };
}

async function call(dev: ReturnType<typeof startChains>): Promise<unknown> {
  const url = (await dev.saw(/is at (http\S+)/))[1]!;
  const headers = { "content-type": "application/json" };
  return (await fetch(url, { method: "POST", headers, body: "{}" })).json();
}

test("chains dev fetches cached and mounted weights once, and each chainlet finds its own", async () => {
  const { hub, dev, fetches } = await setUp();
  const first = dev();
  expect(await call(first)).toEqual(ANSWER);
  expect(first.stderr()).toContain("fetched its weights: 1 file, 12 B");
  expect(await first.stop()).toBe(0);
  expect(fetches().length).toBeGreaterThan(0);

  hub.requests.length = 0;
  const second = dev();
  expect(await call(second)).toEqual(ANSWER);
  expect(second.stderr()).not.toContain("fetched its weights");
  expect(fetches()).toEqual([]);
});

test("chains dev without a network uses what it fetched before, and says so", async () => {
  const { dev } = await setUp();
  const first = dev();
  await call(first);
  await first.stop();
  const offline = dev({ HF_ENDPOINT: "http://127.0.0.1:9" });
  expect(await call(offline)).toEqual(ANSWER);
  expect(offline.stderr()).toContain("The files that it had the last time are used.");
});

test("a chainlet whose token is missing does not start, says why, and starts when it can", async () => {
  const { hub, dev } = await setUp();
  const repo = hub.repos.get("owner/cached")!;
  hub.repos.set("owner/cached", { ...repo, token: "hf_right", gated: true });
  const running = dev();
  await running.saw(/SOURCE_DENIED[\s\S]*is gated[\s\S]*\.env[\s\S]*Cached could not start; next try in/);
  await running.saw(/Main \(entrypoint\) +ready/);
  hub.repos.set("owner/cached", repo);
  await running.saw(/Cached is ready/);
  expect(await call(running)).toEqual(ANSWER);
});

test("chains run fetches weights into the same store, and leaves nothing but them", async () => {
  const { project, run, fetches } = await setUp();
  const { code, stdout, stderr } = await run();
  expect(stderr).toContain("Main fetched its weights: 1 file, 12 B");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(ANSWER);
  const before = fetches().length;
  expect((await run()).code).toBe(0);
  expect(fetches()).toHaveLength(before);
  const stored = await readdir(project.path("store"));
  expect(stored.filter((name) => name.startsWith("hf-owner-"))).toHaveLength(2);
});
