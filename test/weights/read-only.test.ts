import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canMount, makeReadOnly } from "./support/mounts.ts";
import { Origin } from "./support/origin.ts";
import { readTree, temporaryDirectory } from "./support/temp.ts";
import { fetchInto, pointer } from "./support/transfer.ts";

const CONTENT = Buffer.from("weights of an image");
if (!canMount) console.warn("Skipped: a target that is read-only takes the right to mount.");

/** A target with one file of the weights, that can be written no more. */
async function readOnlyTarget() {
  const dir = await temporaryDirectory();
  const origin = await Origin.start();
  const file = pointer("models/a", origin.add("/a", CONTENT), CONTENT);
  await fetchInto(dir, [file]);
  origin.requests.length = 0;
  return { dir, origin, file };
}

test.skipIf(!canMount)(
  "weights that lie complete in a read-only directory need nothing written",
  async () => {
    const { dir, origin, file } = await readOnlyTarget();
    makeReadOnly(join(dir, "target"));
    const { files } = await fetchInto(dir, [file]);
    expect(files).toMatchObject([{ name: "models/a", from: "present" }]);
    expect(origin.requests).toEqual([]);
  },
);

test.skipIf(!canMount)(
  "weights that lack a file in a read-only directory are refused, with the reason",
  async () => {
    const { dir, origin, file } = await readOnlyTarget();
    await writeFile(join(dir, "target", "models", "a"), "something else.....");
    makeReadOnly(join(dir, "target"));
    await expect(fetchInto(dir, [file])).rejects.toMatchObject({
      code: "FILE_NOT_WRITABLE",
      message: expect.stringMatching(/EROFS.*models\/a/),
      fix: expect.stringContaining("read-only"),
    });
    expect(origin.requests).toEqual([]);
    expect((await readTree(join(dir, "target")))["models/a"]!.toString()).toBe("something else.....");
  },
);
