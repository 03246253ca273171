import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { FileWatch } from "./watch-files.ts";

/** Two files in directories of their own, and a watch that counts. */
async function watched() {
  const root = await realpath(await mkdtemp(join(tmpdir(), "watch-files-")));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const files = [join(root, "chain.ts"), join(root, "lib", "deep", "word.ts")];
  await mkdir(join(root, "lib", "deep"), { recursive: true });
  for (const file of files) await writeFile(file, "1");
  let seen = () => {};
  const watch = new FileWatch(() => seen());
  onTestFinished(() => watch.close());
  await watch.follow(files);
  return { root, files, watch, change: () => new Promise<void>((resolve) => (seen = resolve)) };
}

test("changes to a file are seen after its directory was moved away and back", async () => {
  const { root, files, change } = await watched();
  const gone = change();
  await rename(join(root, "lib"), join(root, "x"));
  await gone;
  const back = change();
  await rename(join(root, "x"), join(root, "lib"));
  await back;
  const changed = change();
  await writeFile(files[1]!, "2");
  await changed;
});

test("changes to a file are seen after its directory was removed and made again", async () => {
  const { root, files, change } = await watched();
  const gone = change();
  await rm(join(root, "lib"), { recursive: true });
  await gone;
  const back = change();
  await mkdir(join(root, "lib", "deep"), { recursive: true });
  await writeFile(files[1]!, "2");
  await back;
  const changed = change();
  await writeFile(files[1]!, "3");
  await changed;
});

test("files that are followed later are seen too", async () => {
  const { root, files, watch, change } = await watched();
  const other = join(root, "other", "new.ts");
  await mkdir(join(root, "other"));
  await writeFile(other, "1");
  await watch.follow([...files, other]);
  const changed = change();
  await writeFile(other, "2");
  await changed;
});
