import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LocalHashService } from "../hashing/local-hash-service.ts";
import type { TransferFile } from "../transfer/transfer-file.ts";
import { B10Cache, INCOMPLETE } from "./b10-cache.ts";
import { collectGarbage } from "./garbage.ts";
import { hasHeadroom } from "./headroom.ts";
import { measureReadSpeed, randomThreshold } from "./read-speed.ts";

const CONTENT = "the weights";
const HASH = createHash("sha256").update(CONTENT).digest("hex");
const HOUR = 3_600_000;

async function world(options: { read?: boolean; write?: boolean } = {}) {
  const root = await mkdtemp(join(tmpdir(), "chains-cache-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const target = join(root, "target");
  const dir = join(root, "cache");
  await mkdir(join(target, "m"), { recursive: true });
  const file = {
    name: "m/a",
    root: target,
    path: join(target, "m", "a"),
    size: CONTENT.length,
    hash: HASH,
    expected: { kind: "sha256", value: HASH },
  } as TransferFile;
  const warnings: string[] = [];
  const cache = () =>
    new B10Cache({
      dir,
      read: true,
      write: true,
      warn: (text) => warnings.push(text),
      ...options,
    });
  return { dir, file, cache, warnings };
}

test("what one pod stores, another one finds, as a link", async () => {
  const { dir, file, cache } = await world();
  await writeFile(file.path, CONTENT);
  await cache().store(file);
  expect(await readdir(dir)).toEqual([HASH]);
  expect(await readlink(file.path)).toBe(join(dir, HASH));
  await rm(file.path);
  const second = cache();
  expect(await second.restore(file, new LocalHashService())).toBe(true);
  expect(await readFile(file.path, "utf8")).toBe(CONTENT);
  expect(second.counts).toEqual({ hotFiles: 1, hotBytes: CONTENT.length, coldFiles: 0, coldBytes: 0 });
});

test("a damaged file is removed and counts as missing, whatever its size", async () => {
  const { dir, file, cache, warnings } = await world();
  await mkdir(dir);
  await writeFile(join(dir, HASH), CONTENT.toUpperCase());
  const reader = cache();
  expect(await reader.restore(file, new LocalHashService())).toBe(false);
  expect(await readdir(dir)).toEqual([]);
  expect(reader.counts).toMatchObject({ hotFiles: 0, coldFiles: 1 });
  expect(warnings).toEqual([expect.stringContaining("damaged")]);
});

test("a file that another pod removes while it is read counts as missing", async () => {
  const { dir, file, cache, warnings } = await world();
  await mkdir(dir);
  await writeFile(join(dir, HASH), CONTENT);
  class Removing extends LocalHashService {
    override open(opened: Parameters<LocalHashService["open"]>[0]) {
      const hashing = super.open(opened);
      const finish = async () => {
        const digest = await hashing.finish();
        await rm(join(dir, HASH));
        return digest;
      };
      return { ...hashing, finish, advance: () => {}, abandon: () => hashing.abandon() };
    }
  }
  const reader = cache();
  expect(await reader.restore(file, new Removing())).toBe(false);
  expect(reader.counts).toMatchObject({ hotFiles: 0, coldFiles: 1 });
  expect(warnings).toEqual([expect.stringContaining("ENOENT")]);
});

test("many pods that store the same file leave one, complete", async () => {
  const { dir, file, cache } = await world();
  await writeFile(file.path, CONTENT);
  await Promise.all(Array.from({ length: 6 }, () => cache().store(file)));
  expect(await readdir(dir)).toEqual([HASH]);
  expect(await readFile(join(dir, HASH), "utf8")).toBe(CONTENT);
});

test("a cache that may not be read or written is left alone", async () => {
  const { dir, file, cache } = await world({ read: false, write: false });
  await writeFile(file.path, CONTENT);
  await cache().store(file);
  expect(await cache().restore(file, new LocalHashService())).toBe(false);
  await expect(lstat(dir)).rejects.toThrow();
});

test("an existing file is replaced by the link at once", async () => {
  const { dir, file, cache } = await world();
  await mkdir(dir);
  await writeFile(join(dir, HASH), CONTENT);
  await writeFile(file.path, "stale");
  expect(await cache().restore(file, new LocalHashService())).toBe(true);
  expect(await readFile(file.path, "utf8")).toBe(CONTENT);
});

async function aged(dir: string, name: string, hours: number, bytes = 10) {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, name), "x".repeat(bytes));
  const time = new Date(Date.now() - hours * HOUR);
  await utimes(join(dir, name), time, time);
}

test("files that nobody used for four days go, those of the manifest stay", async () => {
  const { dir } = await world();
  await aged(dir, "old", 97);
  await aged(dir, "young", 95);
  await aged(dir, "needed", 500);
  await aged(dir, `half${INCOMPLETE}`, 97);
  const collected = await collectGarbage(dir, new Set(["needed"]), {
    maxAgeHours: 96,
    maxStaleGb: undefined,
  });
  expect(collected).toEqual({ files: 2, bytes: 20 });
  expect((await readdir(dir)).sort()).toEqual(["needed", "young"]);
});

test("above the size limit the least recently used go first", async () => {
  const { dir } = await world();
  await aged(dir, "a", 3, 100);
  await aged(dir, "b", 2, 100);
  await aged(dir, "c", 1, 100);
  await aged(dir, "needed", 9, 1000);
  await collectGarbage(dir, new Set(["needed"]), { maxAgeHours: 96, maxStaleGb: 150 / 1024 ** 3 });
  expect((await readdir(dir)).sort()).toEqual(["c", "needed"]);
});

test("a cache that does not exist yet needs no cleaning", async () => {
  const { dir } = await world();
  const rules = { maxAgeHours: 96, maxStaleGb: undefined };
  expect(await collectGarbage(dir, new Set(), rules)).toEqual({ files: 0, bytes: 0 });
});

test("the speed is measured on a large file that is there, or not at all", async () => {
  const { dir } = await world();
  expect(
    await measureReadSpeed(dir, [
      { hash: "missing", size: 2 ** 30 },
      { hash: "small", size: 5 },
    ]),
  ).toBeNull();
});

test("room is needed for what is not cached yet, and 100 GiB for others", async () => {
  const { dir, file } = await world();
  const others = 100 * 1024 ** 3;
  const hasRoom = (free: number) => hasHeadroom(dir, [file, file], async () => free);
  expect(await hasRoom(others + file.size + 1)).toBe(true);
  expect(await hasRoom(others + file.size)).toBe(false);
  await writeFile(join(dir, HASH), "of another size");
  expect(await hasRoom(others + 1)).toBe(false);
  await writeFile(join(dir, HASH), CONTENT);
  expect(await hasRoom(others + 1)).toBe(true);
  expect(await hasRoom(others)).toBe(false);
});

test("the threshold is chosen once, within the bounds of the reference", () => {
  const first = randomThreshold(() => 0.5, 8);
  expect(first).toBeGreaterThanOrEqual(10);
  expect(first).toBeLessThanOrEqual(150);
  expect(randomThreshold(() => 0.9, 64)).toBe(first);
});
