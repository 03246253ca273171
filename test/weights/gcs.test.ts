import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createManifest, sourceContext } from "@truss-chains/weights";
import { expect, test } from "vitest";
import { FakeGcs } from "./support/gcs.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, random } from "./support/transfer.ts";

const ENTRY = {
  repo_id: "gs://bucket/models",
  kind: "gcs",
  use_volume: true,
  volume_folder: "m",
  runtime_secret_name: "gcs",
};

async function cloud() {
  const dir = await temporaryDirectory();
  const gcs = await FakeGcs.start();
  const env = { STORAGE_EMULATOR_HOST: gcs.url };
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, env, () => {});
  return { dir, gcs, env, context };
}

test("a bucket is listed page by page with the official client, and fetched", async () => {
  const { dir, gcs, env, context } = await cloud();
  const files: Record<string, Buffer> = {
    "a.json": Buffer.from("{}"),
    "b/with space.bin": random(100_000),
    "c.bin": random(17_000_000),
  };
  for (const [path, content] of Object.entries(files)) gcs.objects.set(`models/${path}`, { content });
  gcs.objects.set("models-too/x", { content: Buffer.from("x") });
  gcs.objects.set("models/c.bin", { content: files["c.bin"]!, composite: true });
  const { pointers } = await createManifest([ENTRY], { context });
  expect(pointers.map(({ hashtype }) => hashtype).sort()).toEqual(["crc32c", "md5", "md5"]);
  expect(pointers[0]).toMatchObject({
    resolution: { resolution_type: "gcs", bucket_name: "bucket", path: "models/a.json" },
    last_modified_time: "2026-01-02T03:04:05.678Z",
  });
  const { events } = await fetchInto(dir, pointers, { env });
  expect(digests(await readTree(join(dir, "model_cache", "m")))).toEqual(digests(files));
  expect(events).toContainEqual(expect.objectContaining({ file: "m/c.bin", verified: "crc32c" }));
});

test("an empty prefix is an error that names it", async () => {
  const { context } = await cloud();
  await expect(createManifest([ENTRY], { context })).rejects.toMatchObject({
    code: "WEIGHTS_NOT_FOUND",
    message: expect.stringContaining("gs://bucket/models"),
  });
});

test("without a key it says which secret to store", async () => {
  const dir = await temporaryDirectory();
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, {}, () => {});
  await expect(createManifest([ENTRY], { context })).rejects.toMatchObject({
    code: "WEIGHTS_CREDENTIALS_INVALID",
    fix: expect.stringContaining("`gcs`"),
  });
});

test("a private key that is none is told with the name of its secret", async () => {
  const dir = await temporaryDirectory();
  await mkdir(join(dir, "secrets"));
  const key = { client_email: "weights@project", private_key: "-----BEGIN PRIVATE KEY-----\\n" };
  await writeFile(join(dir, "secrets", "gcs"), JSON.stringify(key));
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, {}, () => {});
  await expect(createManifest([ENTRY], { context })).rejects.toMatchObject({
    code: "WEIGHTS_CREDENTIALS_INVALID",
    message: expect.stringMatching(/private_key.*`gcs`/),
  });
});
