import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TransferEvent, WeightsStore } from "@truss-chains/weights";
import { expect, test } from "vitest";
import { FakeHub } from "./support/hub.ts";
import { FakeS3, KEYS } from "./support/s3.ts";
import { temporaryDirectory } from "./support/temp.ts";

const CONTENT = Buffer.from("weights");
const REQUEST = { repo_id: "owner/repo", revision: "main", use_volume: true, volume_folder: "repo" };

async function hubStore() {
  const dir = await temporaryDirectory();
  const hub = await FakeHub.start();
  hub.repos.set("owner/repo", { commit: "a".repeat(40), branches: ["main", "same"], files: { a: CONTENT } });
  const directory = join(dir, "store");
  const events: TransferEvent[] = [];
  /** As a process that has just started. */
  const provide = async (request: Record<string, unknown> = {}, endpoint = hub.url) => {
    const store = new WeightsStore({ directory, env: { HF_ENDPOINT: endpoint, TMPDIR: dir } });
    const options = {
      secretsDir: join(dir, "secrets"),
      onEvent: (event: TransferEvent) => events.push(event),
    };
    const [place] = await store.provide([{ ...REQUEST, ...request }], options);
    return place!;
  };
  return { dir, directory, hub, provide, events };
}

/** Where nobody listens. */
const OFFLINE = "http://127.0.0.1:1";

test("branches that lead to one commit share its files", async () => {
  const { provide } = await hubStore();
  expect(await provide({ revision: "same" })).toBe(await provide());
});

test("without a network the files of the last time are used", async () => {
  const { provide, events } = await hubStore();
  const place = await provide();
  expect(await provide({}, OFFLINE)).toBe(place);
  expect(events).toContainEqual(
    expect.objectContaining({ type: "warning", message: expect.stringContaining("the last time") }),
  );
});

test("without a network and with damaged notes of the last time, the network is to blame", async () => {
  const { provide, directory } = await hubStore();
  await provide();
  for (const name of await readdir(directory))
    if (name.endsWith(".lock")) await writeFile(join(directory, name), "{");
  await expect(provide({}, OFFLINE)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
});

test("a store that cannot be made is told, and where", async () => {
  const { dir, provide } = await hubStore();
  await writeFile(join(dir, "store"), "a file in its place");
  await expect(provide()).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
    message: expect.stringContaining(join(dir, "store")),
  });
});

test("folders of a bucket whose names differ after an @ have places of their own", async () => {
  const dir = await temporaryDirectory();
  const s3 = await FakeS3.start();
  s3.objects.set("weights/model@1/a", { content: Buffer.from("first") });
  s3.objects.set("weights/model@2/a", { content: Buffer.from("second") });
  await mkdir(join(dir, "secrets"));
  const env = {
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  };
  const store = new WeightsStore({ directory: join(dir, "store"), env });
  const requests = ["model@1", "model@2"].map((folder) => ({
    source: `s3://weights/${folder}`,
    mount_location: `/${folder}`,
  }));
  const places = await store.provide(requests, { secretsDir: join(dir, "secrets") });
  const contents = await Promise.all(places.map((place) => readFile(join(place, "a"), "utf8")));
  expect(contents).toEqual(["first", "second"]);
});
