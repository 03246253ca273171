import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createLockfile,
  createManifest,
  parseLockfile,
  planWeights,
  pullWeights,
  readSettings,
  renderLockfile,
  sourceContext,
} from "@truss-chains/weights";
import { expect, test } from "vitest";
import { contentHasher } from "../../packages/weights/src/hashing/content-hasher.ts";
import { FakeS3, KEYS } from "./support/s3.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, random } from "./support/transfer.ts";

const FILES = {
  "config.json": Buffer.from("{}"),
  "deep/er/we & ights.bin": random(18_000_000),
  "notes.md": Buffer.from("#"),
};
const { accessKeyId, secretAccessKey } = KEYS;
const CREDENTIALS = { access_key_id: accessKeyId, secret_access_key: secretAccessKey, region: "us-west-2" };

/** A bucket on a server that checks signatures, filled below `models/mini`. */
async function bucket() {
  const dir = await temporaryDirectory();
  const s3 = await FakeS3.start();
  for (const [path, content] of Object.entries(FILES))
    s3.objects.set(`weights/models/mini/${path}`, { content });
  s3.objects.set("weights/models/mini-too/x", { content: Buffer.from("another folder") });
  const secret = async (name: string, value: unknown) => {
    await mkdir(join(dir, "secrets"), { recursive: true });
    await writeFile(join(dir, "secrets", name), JSON.stringify(value));
  };
  const env = { AWS_ENDPOINT_URL_S3: s3.url };
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, env, () => {});
  return { dir, env, context, secret, s3 };
}

const ENTRY = {
  repo_id: "s3://weights/models/mini/",
  kind: "s3",
  use_volume: true,
  volume_folder: "mini",
  ignore_patterns: ["*.md"],
  runtime_secret_name: "aws_secret_json",
};

test.each([
  ["the platform's spelling", CREDENTIALS],
  [
    "the documentation's spelling",
    { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey, aws_region: "us-west-2" },
  ],
])("a bucket is listed and fetched with credentials in %s", async (_, credentials) => {
  const { dir, env, context, secret } = await bucket();
  await secret("aws_secret_json", credentials);
  const { pointers } = await createManifest([ENTRY], { context });
  expect(pointers.map(({ file_name }) => file_name).sort()).toEqual([
    "/app/model_cache/mini/config.json",
    "/app/model_cache/mini/deep/er/we & ights.bin",
  ]);
  expect(pointers[0]).toMatchObject({
    hashtype: "md5",
    resolution: { resolution_type: "s3", bucket_name: "weights", region: null },
    uid: expect.stringMatching(/^s3:weights:models\/mini\//),
    last_modified_time: expect.stringMatching(/^20\d\d-/),
  });
  const { events } = await fetchInto(dir, pointers, { env });
  const { "notes.md": __, ...wanted } = FILES;
  expect(digests(await readTree(join(dir, "model_cache", "mini")))).toEqual(digests(wanted));
  expect(events).toContainEqual(expect.objectContaining({ type: "file-done", verified: "md5" }));
});

test("a bucket in another region than the secret says is found there, and fetched from there", async () => {
  const { dir, env, context, secret, s3 } = await bucket();
  await secret("aws_secret_json", CREDENTIALS);
  s3.region = "eu-west-1";
  const { pointers } = await createManifest([ENTRY], { context });
  await fetchInto(dir, pointers, { env });
  const { "notes.md": _, ...wanted } = FILES;
  expect(digests(await readTree(join(dir, "model_cache", "mini")))).toEqual(digests(wanted));
});

test("a manifest from chains.lock is that of the listing, times included", async () => {
  const { dir, context, secret } = await bucket();
  await secret("aws_secret_json", CREDENTIALS);
  const listed = await createManifest([ENTRY], { context });
  const plan = await planWeights([ENTRY], { context, dir });
  const lockfile = parseLockfile(renderLockfile(createLockfile(plan)), "chains.lock");
  const locked = await createManifest([ENTRY], { context, lockfile });
  const byName = (a: { file_name: string }, b: { file_name: string }) => (a.file_name < b.file_name ? -1 : 1);
  expect(locked.pointers.toSorted(byName)).toEqual(listed.pointers.toSorted(byName));
});

test("a wrong key is refused, without being shown", async () => {
  const { context, secret } = await bucket();
  await secret("aws_secret_json", { ...CREDENTIALS, secret_access_key: "not-the-secret" });
  const error = await createManifest([ENTRY], { context }).catch((reason) => reason);
  expect(error).toMatchObject({ code: "SOURCE_DENIED", fix: expect.stringContaining("aws_secret_json") });
  expect(JSON.stringify(error)).not.toContain("not-the-secret");
});

test("without any credentials it says which secret to store", async () => {
  const { context } = await bucket();
  await expect(createManifest([ENTRY], { context })).rejects.toMatchObject({
    code: "WEIGHTS_CREDENTIALS_INVALID",
    fix: expect.stringContaining("access_key_id"),
  });
});

test("without a secret the variables count that the caller gives, whatever the process has", async () => {
  const { env, s3 } = await bucket();
  const variables = { ...env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const context = sourceContext({ secretsDir: "/nowhere" }, variables, () => {});
  await expect(createManifest([ENTRY], { context })).resolves.toMatchObject({ pointers: { length: 2 } });
  expect(s3.requests).not.toEqual([]);
});

test("a secret without a field names the field", async () => {
  const { context, secret } = await bucket();
  await secret("aws_secret_json", { access_key_id: accessKeyId });
  await expect(createManifest([ENTRY], { context })).rejects.toMatchObject({
    code: "WEIGHTS_CREDENTIALS_INVALID",
    message: expect.stringContaining("secret_access_key"),
  });
});

test.each([
  ["r2://account.weights/models/mini", "CHAINS_R2_ENDPOINT"],
  ["cw://weights/models/mini", "CHAINS_CW_ENDPOINT"],
])("%s speaks the same protocol at its own endpoint", async (source, variable) => {
  const { dir, s3, secret } = await bucket();
  await secret("bucket_credentials", CREDENTIALS);
  const env = { [variable]: s3.url };
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, env, () => {});
  const request = { source, mount_location: "/models/mini", auth_secret_name: "bucket_credentials" };
  const plan = await planWeights([request], { context, dir });
  const settings = readSettings({
    CHAINS_SECRETS_DIR: join(dir, "secrets"),
    CHAINS_TRANSFER_STATS_FILE: join(dir, "stats"),
  });
  await pullWeights(plan, { settings, env, dir: join(dir, "out") });
  expect(digests(await readTree(join(dir, "out", "models", "mini")))).toEqual(digests(FILES));
});

test.each([
  [
    "SHA-256",
    "sha256",
    (content: Buffer) => ({ "x-amz-checksum-sha256": createHash("sha256").update(content).digest("base64") }),
  ],
  [
    "CRC-64/NVME",
    "crc64nvme",
    (content: Buffer) => ({ "x-amz-checksum-crc64nvme": checksum("crc64nvme", content) }),
  ],
  ["CRC-32C", "crc32c", (content: Buffer) => ({ "x-amz-checksum-crc32c": checksum("crc32c", content) })],
] as const)("the %s of a multipart object is compared", async (_, kind, headers) => {
  const { dir, env, context, secret, s3 } = await bucket();
  await secret("aws_secret_json", CREDENTIALS);
  s3.objects.clear();
  const content = random(100_000);
  const stored = { "x-amz-checksum-type": "FULL_OBJECT", ...headers(content) };
  s3.objects.set("weights/models/mini/a", {
    content,
    etag: '"0123456789abcdef0123456789abcdef-2"',
    headers: stored,
  });
  const { pointers } = await createManifest([ENTRY], { context });
  const { events } = await fetchInto(dir, pointers, { env });
  expect(events).toContainEqual(expect.objectContaining({ type: "file-done", verified: kind }));

  s3.objects.set("weights/models/mini/a", {
    content: random(100_000),
    etag: '"0123456789abcdef0123456789abcdef-2"',
    headers: stored,
  });
  await rm(join(dir, "model_cache"), { recursive: true });
  await expect(fetchInto(dir, pointers, { env })).rejects.toMatchObject({ code: "WEIGHTS_CORRUPT" });
});

function checksum(kind: "crc64nvme" | "crc32c", content: Buffer): string {
  const hasher = contentHasher(kind, content.length);
  hasher.update(content);
  return Buffer.from(hasher.digest(), "hex").toString("base64");
}
