import { mkdir, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Origin, serveRange } from "./support/origin.ts";
import { readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, pointer, random } from "./support/transfer.ts";

const MiB = 1024 * 1024;

test("many files that are asked about at once bring no warning of leaks", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(10);
  const url = origin.add("/a", content);
  const warnings: string[] = [];
  const listen = ({ message }: Error) => void warnings.push(message);
  process.on("warning", listen);
  onTestFinished(() => void process.off("warning", listen));
  // Nobody is answered before all have asked.
  const held: (() => void)[] = [];
  origin.misbehave = (request, response, bytes) => {
    if (held.push(() => serveRange(request, response, bytes)) === 12) {
      origin.misbehave = () => false;
      for (const answer of held) answer();
    }
    return true;
  };
  const unpinned = { hashtype: "etag", hash: "opaque" } as const;
  const pointers = Array.from({ length: 12 }, (_, i) => pointer(`f${i}`, url, content, unpinned));
  await fetchInto(dir, pointers, { signal: new AbortController().signal });
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});

test.each([0, 2])("files of all sizes arrive, with %i threads", async (threads) => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const contents: Record<string, Buffer> = {
    "m/empty": Buffer.alloc(0),
    "m/one": random(1),
    "m/deep/er/small.json": random(4321),
    "m/exactly-one-piece": random(16 * MiB),
    "m/large": random(37 * MiB + 11),
  };
  const pointers = Object.entries(contents).map(([name, content]) =>
    pointer(name, origin.add(`/${name}`, content), content),
  );
  const { files, events } = await fetchInto(dir, pointers, { threads });
  const tree = await readTree(join(dir, "target"));
  expect(Object.keys(tree).sort()).toEqual(Object.keys(contents).sort());
  for (const [name, content] of Object.entries(contents)) expect(content.equals(tree[name]!)).toBe(true);
  expect(files.every(({ from }) => from === "origin")).toBe(true);
  expect(events.filter(({ type }) => type === "file-done")).toHaveLength(5);
});

test("a second run finds everything in place and asks the origin for nothing", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(3 * MiB);
  const pointers = [pointer("a", origin.add("/a", content), content)];
  await fetchInto(dir, pointers);
  origin.requests.length = 0;
  const { files } = await fetchInto(dir, pointers);
  expect(files).toMatchObject([{ from: "present" }]);
  expect(origin.requests).toEqual([]);
});

test("a sparse file of the right size is not mistaken for the weights", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(2 * MiB);
  await mkdir(join(dir, "target"));
  await writeFile(join(dir, "target", "a"), "");
  await truncate(join(dir, "target", "a"), content.length);
  await fetchInto(dir, [pointer("a", origin.add("/a", content), content)]);
  expect((await readTree(join(dir, "target")))["a"]!.equals(content)).toBe(true);
});

test("a file changed after it was verified is fetched again", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(MiB);
  const pointers = [pointer("a", origin.add("/a", content), content)];
  await fetchInto(dir, pointers);
  await writeFile(join(dir, "target", "a"), random(MiB));
  await fetchInto(dir, pointers);
  expect((await readTree(join(dir, "target")))["a"]!.equals(content)).toBe(true);
});

test("an origin without ranges is read in one piece", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(20 * MiB);
  origin.misbehave = (_, response, bytes) => {
    response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    return true;
  };
  await fetchInto(dir, [pointer("a", origin.add("/a", content), content)]);
  expect((await readTree(join(dir, "target")))["a"]!.equals(content)).toBe(true);
});

test("a chunked answer is read as well", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(5 * MiB);
  origin.misbehave = ({ range }, response, bytes) => {
    const { start, end } = range!;
    response.writeHead(206, { "content-range": `bytes ${start}-${end - 1}/${bytes.length}` });
    response.write(bytes.subarray(start, end - 10));
    response.end(bytes.subarray(end - 10, end));
    return true;
  };
  await fetchInto(dir, [pointer("a", origin.add("/a", content), content)]);
  expect((await readTree(join(dir, "target")))["a"]!.equals(content)).toBe(true);
});

test("two transfers into one target take turns, and the second finds the work done", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(MiB);
  const pointers = [pointer("a", origin.add("/a", content), content)];
  let release!: () => void;
  const secondWaits = new Promise<void>((resolve) => {
    release = resolve;
  });
  origin.misbehave = (request, response, bytes) => {
    void secondWaits.then(() => {
      response.writeHead(206, {
        "content-range": `bytes 0-${bytes.length - 1}/${bytes.length}`,
        "content-length": bytes.length,
      });
      response.end(bytes);
    });
    return request.nth === 0;
  };
  const onEvent = ({ type }: { type: string }) => {
    if (type === "waiting") release();
  };
  const results = await Promise.all([
    fetchInto(dir, pointers, { onEvent }),
    fetchInto(dir, pointers, { onEvent }),
  ]);
  expect(results.map(({ files }) => files[0]!.from).sort()).toEqual(["origin", "present"]);
  expect(origin.requests).toHaveLength(1);
});

test("nothing but the weights is left in the target", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(100);
  await fetchInto(dir, [pointer("a", origin.add("/a", content), content)]);
  expect(await readdir(join(dir, "target"))).toEqual(["a"]);
});

test.each(["nowhere/stats.json", "file/stats.json"])(
  "statistics that cannot be written at %s cost nothing but a warning",
  async (path) => {
    const dir = await temporaryDirectory();
    const origin = await Origin.start();
    await writeFile(join(dir, "file"), "a file");
    const content = random(10);
    const { events, files } = await fetchInto(dir, [pointer("a", origin.add("/a", content), content)], {
      env: { CHAINS_TRANSFER_STATS_FILE: join(dir, path) },
    });
    expect(files).toHaveLength(1);
    expect(events).toContainEqual({ type: "warning", message: expect.stringContaining("cannot be written") });
  },
);

test("statistics of a run before are replaced by those of one that ends before it begins", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(10);
  const file = pointer("a", origin.add("/a", content), content);
  await fetchInto(dir, [file]);
  await expect(fetchInto(dir, [{ ...file, file_name: "../a" }])).rejects.toThrow();
  const written = JSON.parse((await readTree(dir))["stats.json"]!.toString());
  expect(written).toMatchObject({ success: false, total_manifest_size_bytes: 0, file_downloads: [] });
});

test("the statistics have the fields of the real tool", async () => {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(2 * MiB);
  const { stats } = await fetchInto(dir, [pointer("a", origin.add("/a", content), content)]);
  const written = JSON.parse((await readTree(dir))["stats.json"]!.toString());
  expect(written).toEqual(stats);
  expect(written).toMatchObject({
    total_manifest_size_bytes: 2 * MiB,
    b10fs_enabled: false,
    b10fs_hot_starts_files: 0,
    success: true,
    file_downloads: [{ file_name: join(dir, "target", "a"), file_size_bytes: 2 * MiB }],
  });
});
