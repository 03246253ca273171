import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import ignore from "ignore";

/**
 * The files below a directory, as sorted paths with "/". What git-ignore patterns match is left out, and so are links to
 * directories and to nothing.
 */
export async function listTree(directory: string, patterns: readonly string[]): Promise<string[]> {
  const rules = ignore({ allowRelativePaths: true }).add([...patterns]);
  const files: string[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(directory, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      // An ignored directory is not entered: nothing below it can be re-included, as in git.
      if (rules.ignores(entry.isDirectory() ? `${path}/` : path)) continue;
      if (entry.isDirectory()) await visit(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(join(directory, path)))))
        files.push(path);
    }
  };
  await visit("");
  return files.sort();
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
