import { generateKeyPairSync } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { planWeights, sourceContext } from "@truss-chains/weights";
import { expect, test } from "vitest";
import { listen } from "./support/hub.ts";
import { temporaryDirectory } from "./support/temp.ts";
import { fetchInto, pointer } from "./support/transfer.ts";

const SECRET = {
  access_key_id: "AKIATEST",
  secret_access_key: "a/secret+key",
  region: "us-west-2",
  account_key: "a2V5",
  client_email: "weights@project",
  private_key: generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey,
};

/** A service that takes a request, has the person stop at that moment, and never answers. */
async function stoppedService() {
  const dir = await temporaryDirectory();
  await mkdir(join(dir, "secrets"));
  await writeFile(join(dir, "secrets", "secret"), JSON.stringify(SECRET));
  const stop = new AbortController();
  const reason = new Error("stopped by the person");
  const url = await listen("127.0.0.1", () => stop.abort(reason));
  return { dir, url, signal: stop.signal, reason };
}

test.each([
  ["s3://bucket/path", "AWS_ENDPOINT_URL_S3"],
  ["gs://bucket/path", "STORAGE_EMULATOR_HOST"],
  ["azure://account/container/path", "AZURE_STORAGE_SERVICE_ENDPOINT"],
])("a listing of %s that is never answered can be stopped", async (source, variable) => {
  const { dir, url, signal, reason } = await stoppedService();
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, { [variable]: url }, () => {});
  const request = { source, mount_location: "/models", auth_secret_name: "secret" };
  await expect(planWeights([request], { context, dir, signal })).rejects.toBe(reason);
});

test.each([
  ["AWS_ENDPOINT_URL_S3", { resolution_type: "s3", bucket_name: "bucket", key: "path/a", region: null }],
  ["STORAGE_EMULATOR_HOST", { resolution_type: "gcs", bucket_name: "bucket", path: "path/a" }],
  [
    "AZURE_STORAGE_SERVICE_ENDPOINT",
    { resolution_type: "azure", account_name: "account", container_name: "container", blob_name: "path/a" },
  ],
] as const)("a transfer that asks the service of %s in vain can be stopped", async (variable, resolution) => {
  const { dir, url, signal, reason } = await stoppedService();
  // An etag says nothing about the content: the service is asked what it knows.
  const opaque = { resolution, hashtype: "etag", hash: "an-etag", runtime_secret_name: "secret" } as const;
  const file = pointer("a", "", Buffer.from("a"), opaque);
  const transfer = fetchInto(dir, [file], {
    env: { [variable]: url, CHAINS_SECRETS_DIR: join(dir, "secrets") },
    signal,
  });
  await expect(transfer).rejects.toBe(reason);
});
