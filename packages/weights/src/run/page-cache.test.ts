import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readIntoPageCache } from "./page-cache.ts";

test("files are read to their end, unless somebody stops it", async () => {
  const dir = await mkdtemp(join(tmpdir(), "chains-page-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await writeFile(join(dir, "a"), "weights");
  const stop = new AbortController();
  await readIntoPageCache([join(dir, "a")], stop.signal);
  await expect(readIntoPageCache([join(dir, "gone")], stop.signal)).rejects.toMatchObject({ code: "ENOENT" });
  stop.abort();
  await expect(readIntoPageCache([join(dir, "gone")], stop.signal)).resolves.toBeUndefined();
});
