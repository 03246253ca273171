import { lstatSync, type Stats } from "node:fs";
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
  for (const directory of parentsBelow(root, path)) {
    if (made.has(directory)) continue;
    await mkdir(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    requireDirectory(directory, await lstat(directory));
    made.add(directory);
  }
}

/**
 * Checks that a file can be placed at `path` below `root`, without making anything: what would be refused in the end is
 * refused before the file is fetched.
 *
 * @param known directories that were found before
 * @throws ChainsError `WEIGHTS_UNSAFE_PATH` as {@link makeParents} and {@link requireNoDirectory}
 */
export function requireClearWay(root: string, path: string, known: Set<string>): void {
  for (const directory of parentsBelow(root, path)) {
    if (known.has(directory)) continue;
    const stats = lstatSync(directory, { throwIfNoEntry: false });
    if (stats === undefined) break;
    requireDirectory(directory, stats);
    known.add(directory);
  }
  requireNoDirectory(path);
}

/** @throws ChainsError `WEIGHTS_UNSAFE_PATH` for a directory where a file should be */
export function requireNoDirectory(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw inTheWay(path, "a directory, but weights need a file there");
}

/** Every directory between the root and a file, the outermost first. */
function* parentsBelow(root: string, path: string): Generator<string> {
  let current = root;
  for (const segment of relative(root, dirname(path)).split(sep)) {
    if (segment === "") continue;
    current = join(current, segment);
    yield current;
  }
}

function requireDirectory(path: string, stats: Stats): void {
  if (stats.isDirectory()) return;
  const what = stats.isSymbolicLink() ? "a symbolic link" : "a file";
  throw inTheWay(path, `${what}, but weights need a directory there`);
}

function inTheWay(path: string, what: string): ChainsError {
  return new ChainsError("WEIGHTS_UNSAFE_PATH", `${path} is ${what}.`, {
    fix: `Remove ${path}, or fetch into another directory.`,
    location: { file: path },
  });
}
