import { rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createLockfile,
  lockDrift,
  pinsOf,
  pinTypeScript,
  planManifest,
  planPinned,
  planWeights,
  pullWeights,
  readSettings,
  sourceContext,
  verifyWeights,
} from "@truss-chains/weights";
import { expect, test } from "vitest";
import { FakeHub } from "./support/hub.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { random } from "./support/transfer.ts";

const COMMIT = "c".repeat(40);
const FILES = {
  "config.json": Buffer.from("{}"),
  "onnx/model.onnx": random(300_000),
  "README.md": Buffer.from("#"),
};

async function hub() {
  const dir = await temporaryDirectory();
  const fake = await FakeHub.start();
  fake.repos.set("owner/repo", { commit: COMMIT, branches: ["main"], files: FILES });
  fake.repos.set("owner/private", {
    commit: COMMIT,
    branches: ["main"],
    files: FILES,
    token: "hf_other",
    gated: true,
  });
  const env = { HF_ENDPOINT: fake.url };
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, env, () => {});
  const settings = readSettings({ CHAINS_TRANSFER_STATS_FILE: join(dir, "stats.json") });
  return { dir, fake, env, context, settings };
}

const CACHED = {
  repo_id: "owner/repo",
  revision: "main",
  use_volume: true,
  volume_folder: "minilm",
  ignore_patterns: ["*.md"],
};
const MOUNTED = {
  source: "hf://owner/repo@main",
  mount_location: "/models/minilm",
  allow_patterns: ["config.jso?"],
};

test("a plan tells what would be fetched, without fetching", async () => {
  const { dir, context, fake } = await hub();
  const plan = await planWeights([CACHED, MOUNTED], { context, dir: join(dir, "not", "there", "yet") });
  expect(plan).toMatchObject({ files: 3, bytes: 300_004, fits: true });
  expect(plan.freeBytes).toBeGreaterThan(0);
  expect(plan.sources.map(({ source, revision, pinned }) => ({ source, revision, pinned }))).toEqual([
    { source: "hf://owner/repo@main", revision: COMMIT, pinned: false },
    { source: "hf://owner/repo@main", revision: COMMIT, pinned: false },
  ]);
  expect(plan.warnings).toContainEqual(expect.stringContaining("config.jso?"));
  expect(plan.warnings).toContainEqual(expect.stringContaining("not pinned"));
  expect(fake.requests.filter(({ url }) => url.includes("/resolve/"))).toEqual([]);
});

test("a source that cannot be read is part of the plan, and keeps it from being carried out", async () => {
  const { dir, context } = await hub();
  const plan = await planWeights([CACHED, { ...CACHED, repo_id: "owner/private" }], { context, dir });
  expect(plan.sources.map(({ error }) => error?.code)).toEqual([undefined, "SOURCE_DENIED"]);
  expect(() => planManifest(plan)).toThrow(expect.objectContaining({ code: "SOURCE_DENIED" }));
  expect(() => createLockfile(plan)).toThrow(expect.objectContaining({ code: "SOURCE_DENIED" }));
});

test("what is pulled lies where the chainlet will look for it, and verifies", async () => {
  const { dir, env, context, settings } = await hub();
  const plan = await planWeights([CACHED, MOUNTED], { context, dir });
  const out = join(dir, "weights");
  await pullWeights(plan, { settings, env, dir: out });
  expect(digests(await readTree(out))).toEqual(
    digests({
      "minilm/config.json": FILES["config.json"],
      "minilm/onnx/model.onnx": FILES["onnx/model.onnx"],
      "models/minilm/config.json": FILES["config.json"],
    }),
  );
  const verify = () => verifyWeights(planManifest(plan), { downloadDir: out, weightsRoot: out });
  expect((await verify()).map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
  await writeFile(join(out, "minilm", "config.json"), "[]");
  await truncate(join(out, "minilm", "onnx", "model.onnx"), 5);
  await rm(join(out, "models"), { recursive: true });
  const states = Object.fromEntries((await verify()).map(({ file, state }) => [file, state]));
  expect(states).toEqual({
    "minilm/config.json": "wrong-content",
    "minilm/onnx/model.onnx": "wrong-size",
    "models/minilm/config.json": "missing",
  });
});

test("pinning follows the branch, and the lockfile notices when it has moved on", async () => {
  const { dir, context, fake } = await hub();
  const plan = await planWeights([CACHED], { context, dir });
  const { text } = await pinTypeScript(
    'new ModelRepo({ repoId: "owner/repo", revision: "main" })',
    "chain.ts",
    pinsOf(plan),
  );
  expect(text).toBe(`new ModelRepo({ repoId: "owner/repo", revision: "${COMMIT}" })`);
  const again = await planWeights([{ ...CACHED, revision: COMMIT }], { context, dir });
  const asked = fake.requests.length;
  const pinned = await planPinned(plan, [{ ...CACHED, revision: COMMIT }], { context, dir });
  expect(pinned.sources.map(({ pinned: isPinned }) => isPinned)).toEqual([true]);
  expect(fake.requests).toHaveLength(asked);
  expect(lockDrift(createLockfile(pinned), createLockfile(again))).toEqual([]);
  const left = await planPinned(plan, [CACHED], { context, dir });
  expect(left.sources.map(({ source, pinned: isPinned }) => [source, isPinned])).toEqual([
    ["hf://owner/repo@main", false],
  ]);
  const files = { ...FILES, "config.json": Buffer.from("{ }") };
  fake.repos.set("owner/repo", { commit: "d".repeat(40), branches: ["main"], files });
  const later = await planWeights([CACHED], { context, dir });
  expect(lockDrift(createLockfile(plan), createLockfile(later))).toEqual([
    `hf://owner/repo@main was ${COMMIT}, and is ${"d".repeat(40)} now.`,
    "config.json of hf://owner/repo@main has changed.",
  ]);
});
