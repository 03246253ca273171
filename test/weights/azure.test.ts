import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { createManifest, sourceContext } from "@truss-chains/weights";
import { expect, onTestFinished, test } from "vitest";
import { machine, runProgram } from "./support/peer-process.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, random } from "./support/transfer.ts";

const ACCOUNT = "devstoreaccount1";
/** The emulator's own, the same everywhere. */
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const FILES = { "config.json": Buffer.from("{}"), "deep/weights.bin": random(17_000_000) };
const ENTRY = {
  repo_id: `azure://${ACCOUNT}/weights/models`,
  kind: "azure",
  use_volume: true,
  volume_folder: "m",
  runtime_secret_name: "azure_secret",
};

/** Azurite, Microsoft's emulator, with a container of weights. */
async function emulator() {
  const dir = await temporaryDirectory();
  const program = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");
  const args = [
    "--blobPort",
    "0",
    "--location",
    join(dir, "azurite"),
    "--skipApiVersionCheck",
    "--disableTelemetry",
  ];
  const azurite = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => {
    azurite.kill("SIGKILL");
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    azurite.stdout.on("data", (text) => {
      output += text;
      const address = /successfully listens on (http:\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    });
    azurite.on("exit", () => reject(new Error(`Azurite ended: ${output}`)));
  });
  const endpoint = `${url}/${ACCOUNT}`;
  const client = new BlobServiceClient(endpoint, new StorageSharedKeyCredential(ACCOUNT, KEY));
  const { containerClient } = await client.createContainer("weights");
  for (const [path, content] of Object.entries(FILES)) {
    await containerClient.getBlockBlobClient(`models/${path}`).upload(content, content.length);
  }
  const secret = async (value: unknown) => {
    await mkdir(join(dir, "secrets"), { recursive: true });
    await writeFile(join(dir, "secrets", "azure_secret"), JSON.stringify(value));
  };
  const env = { AZURE_STORAGE_SERVICE_ENDPOINT: endpoint };
  const context = sourceContext({ secretsDir: join(dir, "secrets") }, env, () => {});
  return { dir, env, context, secret };
}

test("a container is listed and fetched with the account's key", async () => {
  const { dir, env, context, secret } = await emulator();
  await secret({ account_key: KEY });
  const { pointers } = await createManifest([ENTRY], { context });
  expect(pointers[0]).toMatchObject({
    resolution: {
      resolution_type: "azure",
      account_name: ACCOUNT,
      container_name: "weights",
      blob_name: "models/config.json",
    },
    hashtype: "md5",
  });
  const { events } = await fetchInto(dir, pointers, { env });
  expect(digests(await readTree(join(dir, "model_cache", "m")))).toEqual(digests(FILES));
  expect(events).toContainEqual(expect.objectContaining({ type: "file-done", verified: "md5" }));

  const world = { ...(await machine(join(dir, "world"), { pointers, models: null })), ...env };
  const bundled = await runProgram([], { ...world, CHAINS_SECRETS_DIR: join(dir, "secrets"), TMPDIR: dir });
  expect(bundled).toMatchObject({ code: 0 });
  expect(digests(await readTree(join(dir, "world", "model_cache", "m")))).toEqual(digests(FILES));

  await secret({ account_key: Buffer.from("wrong").toString("base64") });
  await expect(createManifest([ENTRY], { context })).rejects.toMatchObject({ code: "SOURCE_DENIED" });
});

test("the short form of the documentation lacks the account, and says so", async () => {
  const context = sourceContext({ secretsDir: "/nowhere" }, {}, () => {});
  await expect(
    createManifest([{ ...ENTRY, repo_id: "az://weights/models" }], { context }),
  ).rejects.toMatchObject({
    code: "WEIGHTS_SOURCE_INVALID",
    fix: expect.stringContaining("azure://account/container/path"),
  });
});
