import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { finishedRanges } from "./support/journal.ts";
import { canMount, mountTmpfs } from "./support/mounts.ts";
import { Origin } from "./support/origin.ts";
import { readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, pointer, random } from "./support/transfer.ts";

const MiB = 1024 * 1024;
/** Bytes that may still be written, over all files; a disk that other tests need none of. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const writeSync = (
    fd: number,
    bytes: Uint8Array,
    offset = 0,
    length = bytes.length - offset,
    at?: number,
  ) => {
    if (disk.left <= 0) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const written = fs.writeSync(fd, bytes, offset, Math.min(length, disk.left), at);
    disk.left -= written;
    return written;
  };
  return { ...fs, writeSync };
});

if (!canMount) console.warn("Skipped: a disk that really fills up takes the right to mount a tmpfs.");

async function prepared() {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const contents = { "m/large": random(40 * MiB), "m/small": random(MiB / 2) };
  const pointers = Object.entries(contents).map(([name, content]) =>
    pointer(name, origin.add(`/${name}`, content), content),
  );
  const tree = () => readTree(join(dir, "target"));
  const expectContinued = async () => {
    const finished = await finishedRanges(dir, pointers);
    origin.requests.length = 0;
    await fetchInto(dir, pointers);
    for (const { path, range } of origin.requests) {
      const again = finished.filter(
        (one) => one.path === path && one.start < range!.end && one.end > range!.start,
      );
      expect(again).toEqual([]);
    }
    const arrived = await tree();
    expect(
      Object.keys(arrived)
        .filter((name) => name !== "ballast")
        .sort(),
    ).toEqual(["m/large", "m/small"]);
    for (const [name, content] of Object.entries(contents)) expect(arrived[name]!.equals(content)).toBe(true);
    return finished;
  };
  return { dir, pointers, tree, expectContinued };
}

test.skipIf(!canMount)(
  "a disk that fills up under way ends the transfer; with room again, it continues",
  async () => {
    const { dir, pointers, tree, expectContinued } = await prepared();
    const target = join(dir, "target");
    await mountTmpfs(target, "64m");
    const ballast = join(target, "ballast");
    // Somebody else takes the room that was there when the transfer looked.
    const onEvent = ({ type }: { type: string }) => {
      if (type === "file-start") writeFileSync(ballast, Buffer.alloc(44 * MiB));
    };
    await expect(fetchInto(dir, pointers, { onEvent })).rejects.toMatchObject({
      code: "WEIGHTS_DISK_FULL",
      message: expect.stringMatching(/ENOSPC/),
      fix: expect.stringMatching(/Free space/),
    });
    expect(Object.keys(await tree()).filter((name) => name.startsWith("m/"))).not.toContain("m/large");
    await rm(ballast);
    expect(await expectContinued()).not.toEqual([]);
  },
);

test.for([0, 1, 20, 40_000, 5 * MiB, 17 * MiB, 33 * MiB + 5])(
  "a disk with room for %i bytes more ends the transfer; with room again, it continues",
  async (room) => {
    const { dir, pointers, tree, expectContinued } = await prepared();
    disk.left = room;
    onTestFinished(() => {
      disk.left = Number.POSITIVE_INFINITY;
    });
    await expect(fetchInto(dir, pointers)).rejects.toMatchObject({
      code: "WEIGHTS_DISK_FULL",
      fix: expect.stringMatching(/Free space/),
    });
    expect(Object.keys(await tree())).not.toContain("m/large");
    disk.left = Number.POSITIVE_INFINITY;
    await expectContinued();
  },
);
