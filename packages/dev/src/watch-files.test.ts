import { mkdir, mkdtemp, realpath, rename, rm, utimes, writeFile } from "node:fs/promises";
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
  await watch.follow({ files, readAt: Date.now() });
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
  await watch.follow({ files: [...files, other], readAt: Date.now() });
  const changed = change();
  await writeFile(other, "2");
  await changed;
});

test("a change that came before anybody watched counts", async () => {
  const { root, files, watch, change } = await watched();
  const other = join(root, "other.ts");
  await writeFile(other, "1");
  const readAt = Date.now();
  await utimes(other, new Date(readAt + 1000), new Date(readAt + 1000));
  const changed = change();
  await watch.follow({ files: [...files, other], readAt });
  await changed;
});

test("below folders source files that appear are seen", async () => {
  const { root, files, watch, change } = await watched();
  await watch.follow({ files, folders: [root], readAt: Date.now() });
  const appeared = change();
  await mkdir(join(root, "words"));
  await writeFile(join(root, "words", "new.ts"), "1");
  await appeared;
  const changed = change();
  await writeFile(join(root, "words", "new.ts"), "2");
  await changed;
});

test("whatever changes below a directory counts, also in directories that are made later", async () => {
  const { root, files, watch, change } = await watched();
  const tree = join(root, "data");
  await mkdir(tree);
  await watch.follow({ files, trees: [tree], readAt: Date.now() });
  const made = change();
  await mkdir(join(tree, "node_modules", ".deep"), { recursive: true });
  await made;
  const written = change();
  await writeFile(join(tree, "node_modules", ".deep", "model.bin"), "1");
  await written;
});

test("a file that need not be there is seen when it comes", async () => {
  const { root, files, watch, change } = await watched();
  await watch.follow({ files, optional: [join(root, ".env")], readAt: Date.now() });
  const came = change();
  await writeFile(join(root, ".env"), "token=1");
  await came;
});
