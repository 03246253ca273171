import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { nameOfMine, removeAbandoned } from "./abandoned.ts";

/** The number of a process that has ended. */
function endedProcess(): string {
  return execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
}

test("directories of processes that are gone are removed, those of others and of other machines stay", async () => {
  const parent = await mkdtemp(join(tmpdir(), "abandoned-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const mine = `${nameOfMine("world")}a`;
  const left = mine.replace(`-${process.pid}-`, `-${endedProcess()}-`);
  const elsewhere = left.replace("world-", "world-another.");
  for (const name of [mine, left, elsewhere, "world-else", left.replace("world", "other")]) {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, "token"), "s3cret");
  }
  await removeAbandoned(parent, "world");
  expect((await readdir(parent)).sort()).toEqual(
    [mine, elsewhere, "world-else", left.replace("world", "other")].sort(),
  );
});

test("where nothing was ever left, nothing happens", async () => {
  await removeAbandoned(join(tmpdir(), "no-such-directory"), "world");
});
