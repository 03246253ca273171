import { appendFile, mkdtemp, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Journal } from "./journal.ts";

async function path(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "chains-journal-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return join(dir, "journal");
}

test("what was finished is known after a restart", async () => {
  const file = await path();
  const first = await Journal.open(file);
  first.version("a", '"v1"');
  first.finished("a", { start: 0, end: 10 });
  first.finished("b", { start: 5, end: 6 });
  first.discarded("b");
  first.close();
  const { entries } = await Journal.open(file);
  expect(entries.get("a")).toEqual({ ranges: [{ start: 0, end: 10 }], etag: '"v1"', sameBoot: true });
  expect(entries.has("b")).toBe(false);
});

test("a torn last line is worth nothing, and does not spoil the next one", async () => {
  const file = await path();
  const first = await Journal.open(file);
  first.finished("a", { start: 0, end: 100 });
  first.close();
  await truncate(file, (await stat(file)).size - 4);
  const second = await Journal.open(file);
  expect(second.entries.has("a")).toBe(false);
  second.finished("a", { start: 0, end: 7 });
  second.close();
  expect((await Journal.open(file)).entries.get("a")?.ranges).toEqual([{ start: 0, end: 7 }]);
});

test("ranges from before the machine restarted are told apart", async () => {
  const file = await path();
  await writeFile(file, '["boot","an earlier one"]\n["range","a",0,10]\n');
  expect((await Journal.open(file)).entries.get("a")).toMatchObject({ sameBoot: false });
});

test("rubbish is skipped", async () => {
  const file = await path();
  await writeFile(file, '["boot"]\nnonsense\n["range","a",10,0]\n["range","a",-1,"x"]\n{}\n[]\n');
  await appendFile(file, "\0\0\0");
  expect((await Journal.open(file)).entries.has("a")).toBe(false);
});
