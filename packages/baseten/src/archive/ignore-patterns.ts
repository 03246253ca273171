import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_IGNORES } from "@truss-chains/compiler";

const IGNORE_FILE = ".truss_ignore";

/** What stays out of an archive, as git-ignore patterns: `.truss_ignore` of its root, else the platform's list. */
export async function ignorePatterns(root: string): Promise<readonly string[]> {
  const text = await readFile(join(root, IGNORE_FILE), "utf8").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return undefined;
    throw thrown;
  });
  return text === undefined ? DEFAULT_IGNORES : text.split("\n").map((line) => line.trim());
}
