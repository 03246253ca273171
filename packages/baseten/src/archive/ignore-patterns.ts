import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_IGNORES } from "@truss-chains/compiler";
import { ChainsError } from "@truss-chains/errors";

const IGNORE_FILE = ".truss_ignore";

/** What stays out of an archive, as git-ignore patterns: `.truss_ignore` of its root, else the platform's list. */
export async function ignorePatterns(root: string): Promise<readonly string[]> {
  const file = join(root, IGNORE_FILE);
  const text = await readFile(file, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT") return undefined;
    throw new ChainsError("FILE_NOT_READABLE", `${file} cannot be read: ${thrown.code ?? thrown.message}.`, {
      fix: "Make it a file of git-ignore patterns, or remove it.",
      location: { file },
      cause: thrown,
    });
  });
  return text === undefined ? DEFAULT_IGNORES : text.split("\n").map((line) => line.trim());
}
