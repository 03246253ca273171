import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { changedSince } from "./changed-since.ts";

const THEN = 1_700_000_000_000;
const NOTHING = { files: [], optional: [], trees: [] };

/** A directory with a file that was written at a time, in milliseconds after `THEN`. */
async function written(path: string, at: number) {
  const root = await mkdtemp(join(tmpdir(), "changed-since-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "1");
  for (const each of [file, dirname(file), root]) await utimes(each, new Date(THEN), new Date(THEN + at));
  return { root, file };
}

test.each([
  [1_000, true],
  [-1_000, false],
])("a file that was written %i ms after it was read", async (at, changed) => {
  const { root, file } = await written("deep/a.txt", at);
  expect(await changedSince(THEN, { ...NOTHING, files: [file] })).toBe(changed);
  expect(await changedSince(THEN, { ...NOTHING, optional: [file] })).toBe(changed);
  expect(await changedSince(THEN, { ...NOTHING, trees: [root] })).toBe(changed);
});

test("a file that is gone has changed, unless it need not be there", async () => {
  const { root } = await written("a.txt", 0);
  const gone = [join(root, "gone")];
  expect(await changedSince(THEN, { ...NOTHING, files: gone })).toBe(true);
  expect(await changedSince(THEN, { ...NOTHING, trees: gone })).toBe(true);
  expect(await changedSince(THEN, { ...NOTHING, optional: gone })).toBe(false);
});
