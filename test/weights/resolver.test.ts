import { join } from "node:path";
import {
  LazyDataResolver,
  type ResolverLog,
  startResolver,
  type TransferProgress,
} from "@truss-chains/weights";
import { expect, onTestFinished, test } from "vitest";
import { Origin } from "./support/origin.ts";
import { machine } from "./support/peer-process.ts";
import { digests, readTree, temporaryDirectory } from "./support/temp.ts";
import { pointer, random } from "./support/transfer.ts";

function listening() {
  const lines: string[] = [];
  const log: ResolverLog = {
    info: (message) => lines.push(`info ${message}`),
    warn: (message) => lines.push(`warn ${message}`),
    error: (message) => lines.push(`error ${message}`),
  };
  return { lines, log };
}

async function prepared() {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const content = random(9_000_000);
  const pointers = [pointer("/app/model_cache/minilm/model.onnx", origin.add("/m", content), content)];
  const env = (await machine(dir, { pointers, models: null })) as Record<string, string>;
  return { dir, origin, content, env };
}

test("it fetches in the background, and whoever awaits it gets the directory", async () => {
  const { dir, content, env } = await prepared();
  const weights = startResolver({ env });
  onTestFinished(() => weights.close());
  const seen: TransferProgress[] = [];
  weights.onProgress((progress) => seen.push(progress));
  expect(weights.path("minilm")).toBe(join(dir, "model_cache", "minilm"));
  expect(weights.state).toBe("running");
  let last: unknown;
  const onProgress = (progress: unknown) => {
    last = progress;
  };
  expect(await weights.blockUntilDownloadComplete({ onProgress })).toBe(join(dir, "model_cache"));
  expect(last).toEqual({ filesDone: 1, filesTotal: 1, bytesDone: 9_000_000, bytesTotal: 9_000_000 });
  expect(seen.every(({ totalBytes }) => totalBytes === 9_000_000)).toBe(true);
  expect(weights.state).toBe("done");
  expect(digests(await readTree(weights.path("minilm")))).toEqual(digests({ "model.onnx": content }));
  expect(weights.metrics()).toContainEqual(
    expect.objectContaining({ name: "model_cache_manifest_size_bytes", value: 9_000_000 }),
  );
  expect(await weights.blockUntilDownloadComplete()).toBe(join(dir, "model_cache"));
});

test("closed while it fetches, it says so as what it is, and whoever awaits it hears it", async () => {
  const { origin, env } = await prepared();
  const { lines, log } = listening();
  const asked = new Promise<void>((resolve) => {
    origin.misbehave = () => {
      resolve();
      return true;
    };
  });
  const weights = startResolver({ env, log });
  const waiting = expect(weights.blockUntilDownloadComplete()).rejects.toMatchObject({ code: "INTERRUPTED" });
  await asked;
  await weights.close();
  await waiting;
  expect(lines).toEqual([expect.stringMatching(/^info .*stopped/)]);
});

test("a root that is relative is one of the directory that the process starts in", async () => {
  const { env } = await prepared();
  const weights = startResolver({
    env: { ...env, CHAINS_MANIFEST_ROOT: "/nowhere", CHAINS_WEIGHTS_ROOT: "w" },
  });
  expect(weights.path("minilm")).toBe(join(process.cwd(), "w", "minilm"));
});

test("without a manifest everything is a no-op", async () => {
  const dir = await temporaryDirectory();
  const weights = startResolver({ env: { CHAINS_MANIFEST_ROOT: dir } });
  expect(weights.state).toBe("nothing-to-do");
  expect(await weights.blockUntilDownloadComplete()).toBe("");
  expect(weights.metrics()).toBeNull();
});

test("a failure is everybody's who awaits, with its code and its fix, and no unhandled rejection", async () => {
  const { origin, env } = await prepared();
  origin.files.clear();
  const { lines, log } = listening();
  const weights = startResolver({ env, log });
  onTestFinished(() => weights.close());
  expect(await weights.settled()).toBe("failed");
  for (let i = 0; i < 2; i++) {
    await expect(weights.blockUntilDownloadComplete()).rejects.toMatchObject({
      code: "WEIGHTS_NOT_FOUND",
      fix: expect.any(String),
    });
  }
  expect(lines).toEqual([expect.stringMatching(/^error .*does not exist.*Check the source/)]);
});

test("what a listener to the progress throws, whoever waits gets", async () => {
  const { env } = await prepared();
  const weights = startResolver({ env });
  onTestFinished(() => weights.close());
  const onProgress = () => {
    throw new Error("no room for a bar");
  };
  await expect(weights.blockUntilDownloadComplete({ onProgress })).rejects.toThrow("no room for a bar");
  expect(await weights.settled()).toBe("done");
});

test("a volume folder that climbs is refused", () => {
  const weights = new LazyDataResolver({ start: null, root: "/app/model_cache", log: listening().log });
  expect(() => weights.path("../secrets")).toThrow(expect.objectContaining({ code: "WEIGHTS_UNSAFE_PATH" }));
});

test.each([
  [19_000, false, false],
  [21_000, false, true],
  [21_000, true, false],
])("after %i ms, awaited %j, a complaint is %j", async (took, awaited, complains) => {
  const { lines, log } = listening();
  let now = 0;
  let finish!: (result: never) => void;
  const result = new Promise<never>((resolve) => {
    finish = resolve;
  });
  const weights = new LazyDataResolver({
    start: () => ({ result, stop: async () => {} }),
    root: "/app/model_cache",
    log,
    now: () => now,
  });
  if (awaited) void weights.blockUntilDownloadComplete();
  now = took;
  finish({ dir: "", stats: {} } as never);
  await weights.settled();
  expect(lines.some((line) => line.includes("Nobody has waited"))).toBe(complains);
});

test("the transfer keeps on while the process is busy importing", async () => {
  const { env, origin } = await prepared();
  const weights = startResolver({ env });
  onTestFinished(() => weights.close());
  const settled = weights.settled();
  // The origin lives in this process: it can only answer between the busy stretches.
  for (let i = 0; i < 5; i++) {
    const until = performance.now() + 20;
    while (performance.now() < until);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await settled).toBe("done");
  expect(origin.requests.length).toBeGreaterThan(0);
});
