import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chains } from "../support/cli.ts";
import { IMPORTS, makeProject, type Project } from "../support/project.ts";
import { FakeHub } from "./support/hub.ts";

const COMMIT = "c".repeat(40);
const MANIFEST = "static-bptr/static-bptr-manifest.json";
const CONFIG = Buffer.from("{}");
const MODEL = Buffer.alloc(2000, 7);
const CHAIN = `${IMPORTS}
const MODEL = new ModelRepo({ repoId: "owner/repo", revision: "main", useVolume: true, volumeFolder: "model" });
const remoteConfig = new RemoteConfig({ assets: new Assets({ cached: [MODEL] }) });
@Chainlet({ remoteConfig })
export class Custom extends DockerServerChainlet({ image: "debian:12", startCommand: "serve --port 8000",
  serverPort: 8000, predictEndpoint: "/v1" }) {}
@Chainlet() export class Plain extends ChainletBase { @endpoint() async runRemote() {} }
@markEntrypoint() @Chainlet({ remoteConfig }) export class Main extends ChainletBase {
  constructor(@depends(Custom) c: Remote<Custom>, @depends(Plain) p: Remote<Plain>) { super(); }
  @endpoint() async runRemote() {} }
`;

async function setUp(env: Record<string, string> = {}) {
  const hub = await FakeHub.start();
  const files = { "config.json": CONFIG, "onnx/model.bin": MODEL };
  hub.repos.set("owner/repo", { commit: COMMIT, branches: ["main"], files });
  const project = await makeProject({ "chain.ts": CHAIN });
  const run = (...args: string[]) =>
    chains(args, { cwd: project.root, env: { HF_ENDPOINT: hub.url, HF_TOKEN: "", ...env } });
  const build = (...args: string[]) => run("build", "chain.ts", "--out", "out", ...args);
  return { hub, project, run, build };
}

const manifestOf = async (project: Project, chainlet: string) =>
  JSON.parse(await readFile(project.path("out", chainlet, MANIFEST), "utf8"));

async function digestOf(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(file.slice(directory.length)).update(await readFile(file));
  return hash.digest("hex");
}

test("a build lists what model caches name, and pins it in the manifest and in config.yaml", async () => {
  const { hub, project, build } = await setUp();
  const { code, stderr } = await build();
  expect(stderr).toContain(`hf://owner/repo@main is not pinned; its commit now is ${COMMIT}`);
  expect(code).toBe(0);
  const manifest = await manifestOf(project, "Main");
  const pointer = {
    uid: "owner/repo:main:config.json",
    file_name: "/app/model_cache/model/config.json",
    hashtype: "git-sha1",
    hash: createHash("sha1").update(`blob ${CONFIG.length}\0`).update(CONFIG).digest("hex"),
    size: CONFIG.length,
    resolution: {
      resolution_type: "http",
      url: `${hub.url}/owner/repo/resolve/${COMMIT}/config.json`,
      expiration_timestamp: 4044816725,
    },
    runtime_secret_name: "hf_access_token",
  };
  expect(manifest.models).toBeNull();
  expect(manifest.pointers).toHaveLength(2);
  expect(manifest.pointers[0]).toEqual(pointer);
  expect(await manifestOf(project, "Custom")).toEqual(manifest);
  expect(await readdir(project.path("out", "Plain"))).not.toContain("static-bptr");
  for (const chainlet of ["Main", "Custom"]) {
    const config = await readFile(project.path("out", chainlet, "config.yaml"), "utf8");
    expect(config).toContain(`revision: ${COMMIT}`);
  }
});

test("builds from chains.lock ask nobody, and give the same bytes", async () => {
  const { hub, project, run, build } = await setUp();
  expect((await run("weights", "pin", "chain.ts")).code).toBe(0);
  expect((await build()).code).toBe(0);
  const first = await digestOf(project.path("out"));
  hub.requests.length = 0;
  await rm(project.path("out"), { recursive: true });
  expect((await build()).code).toBe(0);
  expect(hub.requests).toEqual([]);
  expect(await digestOf(project.path("out"))).toBe(first);
  const [, model] = (await manifestOf(project, "Main")).pointers;
  expect(model.hash).toBe(createHash("sha256").update(MODEL).digest("hex"));
  expect(model.resolution.url).toBe(`${hub.url}/owner/repo/resolve/${COMMIT}/onnx/model.bin`);
});

test("without the lock a build of pinned weights gives the same bytes as with it", async () => {
  const { project, run, build } = await setUp();
  await run("weights", "pin", "chain.ts");
  await build();
  const locked = await digestOf(project.path("out"));
  await rm(project.path("chains.lock"));
  expect((await build()).code).toBe(0);
  expect(await digestOf(project.path("out"))).toBe(locked);
});

test("offline, a build says whose weights it cannot list and what to do, and keeps the last output", async () => {
  const { project, build } = await setUp();
  await build();
  const before = await digestOf(project.path("out"));
  const offline = await chains(["build", "chain.ts", "--out", "out"], {
    cwd: project.root,
    env: { HF_ENDPOINT: "http://127.0.0.1:9" },
  });
  expect(offline.code).not.toBe(0);
  expect(offline.stderr).toMatch(/SOURCE_UNREACHABLE[\s\S]*The weights of (Main|Custom) cannot be listed/);
  expect(offline.stderr).toContain("--no-manifest");
  expect(await digestOf(project.path("out"))).toBe(before);
  const without = await chains(["build", "chain.ts", "--out", "out", "--no-manifest"], {
    cwd: project.root,
    env: { HF_ENDPOINT: "http://127.0.0.1:9" },
  });
  expect(without.code).toBe(0);
  expect(await readdir(project.path("out", "Main"))).not.toContain("static-bptr");
});

test("a repository that needs a token is told with the name of the secret", async () => {
  const { hub, build } = await setUp();
  hub.repos.set("owner/repo", { ...hub.repos.get("owner/repo")!, token: "hf_right", gated: true });
  const { code, stderr } = await build();
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/SOURCE_DENIED[\s\S]*is gated[\s\S]*`hf_access_token`/);
});
