import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Part } from "./part.ts";
import { WriteBack } from "./write-back.ts";

const MiB = 1024 * 1024;

function openPart(): Part {
  const dir = mkdtempSync(join(tmpdir(), "chains-part-"));
  const part = Part.open(join(dir, "a.part"), 512 * MiB);
  onTestFinished(async () => {
    await part.close();
    rmSync(dir, { recursive: true });
  });
  return part;
}

test("a file is sent on to the disk while it comes, some of it at a time", () => {
  const part = openPart();
  let sent = 0;
  const disk = {
    begin: async () => {
      sent++;
    },
  };
  part.grew(63 * MiB, disk);
  expect(sent).toBe(0);
  part.grew(1 * MiB, disk);
  expect(sent).toBe(1);
  part.grew(16 * MiB, disk);
  expect(sent).toBe(1);
});

test("a file that found the disk busy is sent on as soon as more of it comes", () => {
  const part = openPart();
  let sent = 0;
  part.grew(64 * MiB, { begin: () => undefined });
  part.grew(1, {
    begin: async () => {
      sent++;
    },
  });
  expect(sent).toBe(1);
});

test("bytes that the disk lost on the way are told at the end", async () => {
  const part = openPart();
  part.grew(64 * MiB, {
    begin: () => Promise.reject(Object.assign(new Error("i/o error"), { code: "EIO" })),
  });
  await expect(part.sync()).rejects.toMatchObject({
    code: "FILE_NOT_WRITABLE",
    message: expect.stringContaining("a.part"),
  });
});

test("the disk takes one file at a time", async () => {
  const part = openPart();
  const disk = new WriteBack();
  const first = disk.begin(part.fd);
  expect(first).toBeDefined();
  expect(disk.begin(part.fd)).toBeUndefined();
  await first;
  await expect(disk.begin(part.fd)).resolves.toBeUndefined();
});

test("a file that cannot be synced frees the disk for the next", async () => {
  const disk = new WriteBack();
  const device = openSync("/dev/null", "r");
  onTestFinished(() => closeSync(device));
  await expect(disk.begin(device)).rejects.toMatchObject({ code: "EINVAL" });
  const part = openPart();
  await expect(disk.begin(part.fd)).resolves.toBeUndefined();
});
