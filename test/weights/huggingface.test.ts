import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createManifest, type ModelCacheEntry, sourceContext } from "@truss-chains/weights";
import { expect, test } from "vitest";
import { FakeHub, gitBlob, listen, sha256 } from "./support/hub.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, random } from "./support/transfer.ts";

const COMMIT = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf";
const FILES = {
  "config.json": Buffer.from('{"hidden": 1}'),
  "onnx/model.onnx": random(3_000_000),
  "onnx/model_quantized.onnx": random(5_000),
  "README.md": Buffer.from("# hello"),
  "with space & more.json": Buffer.from("{}"),
};
const ENTRY: ModelCacheEntry = {
  repo_id: "owner/repo",
  revision: "main",
  use_volume: true,
  volume_folder: "minilm",
};

async function hubWith(repo: { token?: string; gated?: boolean } = {}) {
  const dir = await temporaryDirectory();
  const hub = await FakeHub.start();
  hub.repos.set("owner/repo", { commit: COMMIT, branches: ["main", "refs/pr/1"], files: FILES, ...repo });
  const warnings: string[] = [];
  const env = { HF_ENDPOINT: hub.url };
  const context = (more: Record<string, string> = {}) =>
    sourceContext({ secretsDir: join(dir, "secrets") }, { ...env, ...more }, (message) =>
      warnings.push(message),
    );
  return { dir, hub, env, warnings, context };
}

test("a branch becomes its commit, and every file gets its content hash", async () => {
  const { context, hub, warnings } = await hubWith();
  const { pointers } = await createManifest([ENTRY], { context: context() });
  const config = pointers.find(({ file_name }) => file_name.endsWith("/config.json"));
  expect(config).toEqual({
    resolution: {
      resolution_type: "http",
      url: `${hub.url}/owner/repo/resolve/${COMMIT}/config.json`,
      expiration_timestamp: 4044816725,
    },
    uid: "owner/repo:main:config.json",
    file_name: "/app/model_cache/minilm/config.json",
    hashtype: "git-sha1",
    hash: gitBlob(FILES["config.json"]),
    size: FILES["config.json"].length,
    last_modified_time: null,
    runtime_secret_name: "hf_access_token",
  });
  const model = pointers.find(({ file_name }) => file_name.endsWith("/model.onnx"));
  expect(model).toMatchObject({
    hashtype: "sha256",
    hash: sha256(FILES["onnx/model.onnx"]),
    size: 3_000_000,
  });
  expect(pointers).toHaveLength(5);
  expect(warnings).toContainEqual(expect.stringContaining(`its commit now is ${COMMIT}`));
});

test("what is listed can be fetched, across the redirect to the storage", async () => {
  const { context, dir, env, hub } = await hubWith();
  const { pointers } = await createManifest([{ ...ENTRY, ignore_patterns: ["*.md"] }], {
    context: context(),
  });
  await fetchInto(dir, pointers, { env });
  const tree = await readTree(join(dir, "model_cache", "minilm"));
  const { "README.md": _, ...wanted } = FILES;
  expect(digests(tree)).toEqual(digests(wanted));
  expect(hub.requests.some(({ host }) => host === "storage")).toBe(true);
});

test("the token goes to the Hub and never to its storage", async () => {
  const { context, dir, env, hub } = await hubWith({ token: "hf_secret" });
  await mkdir(join(dir, "secrets"));
  await writeFile(join(dir, "secrets", "hf_access_token"), "hf_secret\n");
  const { pointers } = await createManifest([ENTRY], { context: context() });
  await fetchInto(dir, pointers, { env });
  for (const { host, headers } of hub.requests) {
    expect(headers.authorization).toBe(host === "hub" ? "Bearer hf_secret" : undefined);
  }
});

test("the token of the environment is used when there is no secret", async () => {
  const { context, hub } = await hubWith({ token: "hf_env" });
  await createManifest([ENTRY], { context: context({ HF_TOKEN: "hf_env" }) });
  expect(hub.requests[0]!.headers.authorization).toBe("Bearer hf_env");
});

test("a gated repository says what to do", async () => {
  const { context } = await hubWith({ token: "another", gated: true });
  await expect(createManifest([ENTRY], { context: context({ HF_TOKEN: "hf_mine" }) })).rejects.toMatchObject({
    code: "SOURCE_DENIED",
    message: expect.stringContaining("gated"),
    fix: expect.stringContaining("hf_access_token"),
  });
});

test("a refusal never shows the token", async () => {
  const { context } = await hubWith({ token: "another" });
  const error = await createManifest([ENTRY], { context: context({ HF_TOKEN: "hf_mine" }) }).catch(
    (reason) => reason,
  );
  expect(error.code).toBe("SOURCE_DENIED");
  expect(JSON.stringify(error) + error.stack).not.toContain("hf_mine");
});

test("an unknown revision is named", async () => {
  const { context } = await hubWith();
  await expect(
    createManifest([{ ...ENTRY, revision: "nope" }], { context: context() }),
  ).rejects.toMatchObject({
    code: "WEIGHTS_NOT_FOUND",
    message: "hf://owner/repo has no revision nope.",
  });
});

test.each(["<html>Please log in</html>", "null", "[]", '"text"', '{"sha": 7}'])(
  "an endpoint that answers %s is no Hub, and that is said",
  async (answer) => {
    const url = await listen("127.0.0.1", (_, response) => response.end(answer));
    const context = sourceContext({ secretsDir: "/nowhere" }, { HF_ENDPOINT: url }, () => {});
    await expect(createManifest([ENTRY], { context })).rejects.toMatchObject({
      code: "WEIGHTS_TRANSFER_FAILED",
      fix: expect.stringContaining("HF_ENDPOINT"),
    });
  },
);

test("a listing that is not JSON, or with entries of other shapes, is refused", async () => {
  for (const listing of ["<html>", "{}", "[null, 7, {}]", '[{"type": "file"}]']) {
    const revision = JSON.stringify({ sha: COMMIT });
    const url = await listen("127.0.0.1", (request, response) =>
      response.end(request.url!.includes("/revision/") ? revision : listing),
    );
    const context = sourceContext({ secretsDir: "/nowhere" }, { HF_ENDPOINT: url }, () => {});
    await expect(createManifest([ENTRY], { context })).rejects.toMatchObject({
      code: expect.stringMatching(/^WEIGHTS_/),
    });
  }
});

test("patterns that select nothing are shown", async () => {
  const { context } = await hubWith();
  await expect(
    createManifest([{ ...ENTRY, allow_patterns: ["*.gguf"] }], { context: context() }),
  ).rejects.toMatchObject({ code: "WEIGHTS_NOT_FOUND", message: expect.stringContaining("*.gguf") });
});

test("a manifest of the real tool, with opaque etags, is verified against what the Hub says now", async () => {
  const { context, dir, env } = await hubWith();
  const { pointers } = await createManifest([ENTRY], { context: context() });
  const opaque = pointers.map((pointer) => ({
    ...pointer,
    hashtype: "etag" as const,
    hash: "an-etag-of-the-storage",
  }));
  const { events } = await fetchInto(dir, opaque, { env });
  const verified = events.flatMap((event) => (event.type === "file-done" ? [event.verified] : []));
  expect(new Set(verified)).toEqual(new Set(["sha256", "git-sha1"]));
});
