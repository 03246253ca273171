import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "./journal.ts";
import { lockPush } from "./push-lock.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "journal-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const open = (...subject: string[]) => Journal.open(subject, { HOME: home });

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
});
