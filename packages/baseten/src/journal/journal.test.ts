import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "./journal.ts";
import { lockPush } from "./push-lock.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "journal-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** What one push after another finds; each gives the journal back when it has ended. */
const journals: Journal[] = [];
async function open(...subject: string[]): Promise<Journal> {
  await giveBack();
  const journal = await Journal.open(subject, "Search", { HOME: home });
  journals.push(journal);
  return journal;
}
async function giveBack(): Promise<void> {
  for (const journal of journals.splice(0)) await journal[Symbol.asyncDispose]();
}
afterEach(giveBack);

const directory = () => join(home, ".local/state/truss-chains/pushes");
const DAYS = 24 * 3600;
const age = (file: string, days: number) =>
  utimes(file, Date.now() / 1000 - days * DAYS, Date.now() / 1000 - days * DAYS);

describe("the journal of a push", () => {
  it("is found again by the next push of the same chain, and by no other", async () => {
    const first = await open("url", "team", "Search");
    await first.named({ Search: "Search-0000aaaa" });
    await first.finished("model:abc", "model/1.tgz");
    await first.began("model:def", { bucket: "b", key: "k", uploadId: "u" });
    await first.sending("digest");
    const again = await open("url", "team", "Search");
    expect(again.modelNames).toEqual({ Search: "Search-0000aaaa" });
    expect(again.uploadedKey("model:abc")).toBe("model/1.tgz");
    expect(again.begunUpload("model:def")).toEqual({ bucket: "b", key: "k", uploadId: "u" });
    expect(again.sent).toBe("digest");
    expect((await open("url", "team", "Other")).sent).toBeNull();
    expect((await stat(first.file)).mode & 0o777).toBe(0o600);
  });

  it("is for one push at a time", async () => {
    await open("x");
    await expect(Journal.open(["x"], "Search", { HOME: home })).rejects.toMatchObject({
      code: "PUSH_IN_PROGRESS",
      message: `Search is being pushed by another process (${process.pid}).`,
    });
  });

  it("forgets uploads after an hour, and never that a deployment was asked for", async () => {
    const first = await open("x");
    await first.finished("model:abc", "model/1.tgz");
    await first.sending("digest");
    const old = { ...JSON.parse(await readFile(first.file, "utf8")), updated: Date.now() - 3_700_000 };
    await writeFile(first.file, JSON.stringify(old));
    const again = await open("x");
    expect([again.uploadedKey("model:abc"), again.sent]).toEqual([undefined, "digest"]);
  });

  it.each(["", "{", "[]", `{"version": 2}`])("starts anew where its file holds %j", async (text) => {
    const first = await open("x");
    await first.sending("digest");
    await writeFile(first.file, text);
    expect((await open("x")).sent).toBeNull();
  });

  it("is gone once a push has come to its end", async () => {
    const journal = await open("x");
    await journal.sending("digest");
    await journal.clear();
    expect((await open("x")).sent).toBeNull();
  });
});

describe("what abandoned pushes have left", () => {
  it("is removed after seven days by the next push of any chain, and not before", async () => {
    const abandoned = await open("abandoned");
    await abandoned.sending("digest");
    const recent = await open("recent");
    await recent.sending("digest");
    await giveBack();
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    await writeFile(`${abandoned.file}.lock`, String(pid));
    await writeFile(`${abandoned.file}.0badcafe`, "{");
    await writeFile(join(directory(), "lonely.json.lock"), String(pid));
    for (const name of await readdir(directory())) await age(join(directory(), name), 8);
    await age(recent.file, 6);
    const next = await open("another");
    expect(await readdir(directory())).toEqual(
      expect.arrayContaining([basename(recent.file), basename(`${next.file}.lock`)]),
    );
    expect(await readdir(directory())).toHaveLength(2);
  });

  it("stays where a push is under way, however old it is", async () => {
    const live = await open("live");
    await live.sending("digest");
    for (const name of await readdir(directory())) await age(join(directory(), name), 30);
    await using other = await Journal.open(["other"], "Other", { HOME: home });
    expect(await readdir(directory())).toEqual(
      [live.file, `${live.file}.lock`, `${other.file}.lock`].map((file) => basename(file)).sort(),
    );
  });
});

describe("the lock of a push", () => {
  it("keeps a second one away until it is given back", async () => {
    const file = join(home, "lock");
    const unlock = await lockPush(file, "Search");
    await expect(lockPush(file, "Search")).rejects.toMatchObject({ code: "PUSH_IN_PROGRESS" });
    await unlock();
    await (await lockPush(file, "Search"))();
  });

  it("of a process that is no more counts for nothing", async () => {
    const file = join(home, "lock");
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    await writeFile(file, String(pid));
    await (await lockPush(file, "Search"))();
  });

  it("is there with its owner in it from the first moment, and leaves nothing else behind", async () => {
    const file = join(home, "lock");
    const unlocks = await Promise.allSettled(Array.from({ length: 20 }, () => lockPush(file, "Search")));
    expect(unlocks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await readFile(file, "utf8")).toBe(String(process.pid));
    expect(await readdir(home)).toEqual(["lock"]);
  });
});
