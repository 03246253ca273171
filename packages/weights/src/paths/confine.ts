import { lstat, mkdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { ChainsError } from "@truss-chains/errors";

/**
 * Makes the parent directories of `path` below `root`, refusing any symbolic link on the way: a link planted there
 * would lead writes outside the root. `root` itself may be a link, it is the user's own choice.
 *
 * @throws ChainsError `WEIGHTS_UNSAFE_PATH` for a link or a file where a directory should be
 */
export async function makeParents(root: string, path: string, made: Set<string> = new Set()): Promise<void> {
  if (made.size === 0) {
    await mkdir(root, { recursive: true });
    made.add(root);
  }
  let current = root;
  for (const segment of relative(root, dirname(path)).split(sep)) {
    if (segment === "") continue;
    current = join(current, segment);
    if (made.has(current)) continue;
    await mkdir(current).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    const stats = await lstat(current);
    if (!stats.isDirectory()) {
      const what = stats.isSymbolicLink() ? "a symbolic link" : "a file";
      throw new ChainsError(
        "WEIGHTS_UNSAFE_PATH",
        `${current} is ${what}, but weights need a directory there.`,
        {
          fix: `Remove ${current}, or fetch into another directory.`,
          location: { file: current },
        },
      );
    }
    made.add(current);
  }
}
