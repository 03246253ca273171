import { randomBytes } from "node:crypto";
import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import pMap from "p-map";
import type { OutputFile, OutputTree } from "./output-tree.ts";

// Each of them is open for a while, and a process may open some hundreds.
const FILES_AT_A_TIME = 64;

// A copy may be read-only, as its original is. Windows syncs only what is open for writing.
const SYNC_COPY = process.platform === "win32" ? "r+" : "r";

/**
 * Replaces a directory by the given files, all or nothing: they are written and synced beside it first, and a failure
 * leaves what was there.
 *
 * @throws ChainsError `FILE_NOT_WRITABLE`.
 */
export async function writeOutput(directory: string, tree: OutputTree): Promise<void> {
  const suffix = randomBytes(6).toString("hex");
  const fresh = `${directory}.new-${suffix}`;
  const previous = `${directory}.old-${suffix}`;
  try {
    await makeDirectory(fresh);
    await writeAll(fresh, tree);
    const hadPrevious = await moveAside(directory, previous);
    await rename(fresh, directory).catch(async (thrown: unknown) => {
      if (hadPrevious) await rename(previous, directory);
      throw thrown;
    });
  } catch (thrown) {
    throw new ChainsError(
      "FILE_NOT_WRITABLE",
      `${directory} could not be written: ${(thrown as Error).message}`,
      {
        fix: "What was there is unchanged. Check the permissions and the free space, and try again.",
        location: { file: directory },
        cause: thrown,
      },
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(previous, { recursive: true, force: true });
  }
}

// Node's own recursion never ends where a file system, such as /proc, says that a parent is missing which is there.
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw thrown;
    await makeDirectory(dirname(path));
    await mkdir(path);
  }
}

async function writeAll(root: string, tree: OutputTree): Promise<void> {
  const directories = new Set([...tree.keys()].map((path) => dirname(join(root, path))));
  for (const directory of directories) await mkdir(directory, { recursive: true });
  await pMap(tree, ([path, file]) => writeOne(join(root, path), file), { concurrency: FILES_AT_A_TIME });
}

async function writeOne(path: string, file: OutputFile): Promise<void> {
  if ("copyOf" in file) await copyFile(file.copyOf, path);
  const handle = await open(path, "copyOf" in file ? SYNC_COPY : "wx");
  try {
    if ("text" in file) await handle.writeFile(file.text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function moveAside(directory: string, to: string): Promise<boolean> {
  try {
    await rename(directory, to);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw thrown;
  }
}
