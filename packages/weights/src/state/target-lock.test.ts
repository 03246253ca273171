import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { thisProcess } from "./process-identity.ts";
import { StateDir } from "./state-dir.ts";
import { TargetLock } from "./target-lock.ts";

async function state(): Promise<StateDir> {
  const root = await mkdtemp(join(tmpdir(), "chains-lock-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const dir = new StateDir(root);
  await dir.create();
  return dir;
}

test("whoever comes second waits until the first is done", async () => {
  const dir = await state();
  const first = await TargetLock.acquire(dir);
  let released = false;
  let onWait = () => {};
  const waiting = new Promise<void>((resolve) => {
    onWait = resolve;
  });
  const second = TargetLock.acquire(dir, { onWait }).then((lock) => {
    expect(released).toBe(true);
    return lock.release();
  });
  await waiting;
  released = true;
  await first.release();
  await second;
  expect(await readdir(dir.path)).toEqual([]);
});

test("the lock of a process that ended is taken over", async () => {
  const dir = await state();
  await writeFile(dir.lock, JSON.stringify({ ...thisProcess(), started: "1", token: "of the dead" }));
  const lock = await TargetLock.acquire(dir);
  expect(await readFile(dir.lock, "utf8")).not.toContain("of the dead");
  await lock.release();
});

test("the silent lock of another machine is taken over, a fresh one is not", async () => {
  const dir = await state();
  await writeFile(dir.lock, JSON.stringify({ pid: 1, space: "elsewhere", started: "1", token: "foreign" }));
  const stop = new AbortController();
  const waiting = TargetLock.acquire(dir, { signal: stop.signal, onWait: () => stop.abort() });
  await expect(waiting).rejects.toThrow();
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(dir.lock, longAgo, longAgo);
  await (await TargetLock.acquire(dir)).release();
});

test("the silent lock of a machine whose clock is ahead is taken over, too", async () => {
  const dir = await state();
  await writeFile(dir.lock, JSON.stringify({ pid: 1, space: "elsewhere", started: "1", token: "foreign" }));
  const tomorrow = new Date(Date.now() + 86_400_000);
  await utimes(dir.lock, tomorrow, tomorrow);
  await (await TargetLock.acquire(dir, { silenceMs: 200 })).release();
  expect(await readdir(dir.path)).toEqual([]);
});

test("of many that see a dead owner, one at a time gets the lock", async () => {
  const dir = await state();
  await writeFile(dir.lock, JSON.stringify({ ...thisProcess(), started: "1", token: "of the dead" }));
  let holders = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const lock = await TargetLock.acquire(dir);
      expect(++holders).toBe(1);
      await Promise.resolve();
      holders--;
      await lock.release();
    }),
  );
});
