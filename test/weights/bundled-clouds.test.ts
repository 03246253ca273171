import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createManifest, sourceContext } from "@truss-chains/weights";
import { expect, test } from "vitest";
import { FakeGcs } from "./support/gcs.ts";
import { machine, runProgram } from "./support/peer-process.ts";
import { FakeS3, KEYS } from "./support/s3.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { random } from "./support/transfer.ts";

const FILES: Record<string, Buffer> = { "a.json": Buffer.from("{}"), "b/c.bin": random(200_000) };

test("the bundled program has the clients of S3 and Google Cloud inside", async () => {
  const dir = await temporaryDirectory();
  const s3 = await FakeS3.start();
  const gcs = await FakeGcs.start();
  for (const [path, content] of Object.entries(FILES)) {
    s3.objects.set(`bucket/models/${path}`, { content });
    gcs.objects.set(`models/${path}`, { content });
  }
  const clouds = { AWS_ENDPOINT_URL_S3: s3.url, STORAGE_EMULATOR_HOST: gcs.url };
  await mkdir(join(dir, "secrets"));
  const secret = {
    access_key_id: KEYS.accessKeyId,
    secret_access_key: KEYS.secretAccessKey,
    region: "us-west-2",
  };
  await writeFile(join(dir, "secrets", "aws"), JSON.stringify(secret));
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, clouds, () => {});
  const manifest = await createManifest(
    [
      {
        repo_id: "s3://bucket/models",
        kind: "s3",
        use_volume: true,
        volume_folder: "s3",
        runtime_secret_name: "aws",
      },
      { repo_id: "gs://bucket/models", kind: "gcs", use_volume: true, volume_folder: "gcs" },
    ],
    { context },
  );
  const env = { ...(await machine(dir, manifest)), ...clouds };
  const { code, stderr } = await runProgram([join(dir, "target")], env);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(digests(await readTree(join(dir, "model_cache", "s3")))).toEqual(digests(FILES));
  expect(digests(await readTree(join(dir, "model_cache", "gcs")))).toEqual(digests(FILES));
});
