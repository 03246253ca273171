import { randomBytes } from "node:crypto";
import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ChainsError } from "@truss-chains/errors";
import type { OutputFile, OutputTree } from "./output-tree.ts";

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
    await mkdir(fresh, { recursive: true });
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

async function writeAll(root: string, tree: OutputTree): Promise<void> {
  const directories = new Set([...tree.keys()].map((path) => dirname(join(root, path))));
  for (const directory of directories) await mkdir(directory, { recursive: true });
  await Promise.all([...tree].map(([path, file]) => writeOne(join(root, path), file)));
}

async function writeOne(path: string, file: OutputFile): Promise<void> {
  if ("copyOf" in file) await copyFile(file.copyOf, path);
  const handle = await open(path, "copyOf" in file ? "r+" : "wx");
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
