import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { ChainsError, type Location } from "@truss-chains/errors";

/**
 * The files below a directory and below what its links lead to, as sorted paths with "/".
 *
 * @param what names the directory in messages: "The data directory of Main".
 * @throws ChainsError `OUTPUT_INVALID` for a link that leads nowhere or to a directory that it is in, and for what cannot
 * be read or is neither file nor directory, such as a socket.
 */
export async function listLinked(directory: string, what: string, location: Location): Promise<string[]> {
  const files: string[] = [];
  const refuse = (path: string, why: string): ChainsError =>
    new ChainsError("OUTPUT_INVALID", `${what} holds ${path}, ${why}.`, {
      fix: "Remove it, or put in its place what the chainlet is to have.",
      location,
    });
  const visit = async (below: string, above: readonly string[]): Promise<void> => {
    const real = await realpath(join(directory, below));
    if (above.includes(real)) throw refuse(below, "a link to a directory that it is in");
    const names = await readdir(real).catch((thrown: NodeJS.ErrnoException) => {
      throw refuse(below || ".", `which cannot be read (${thrown.code})`);
    });
    for (const name of names) {
      const path = below === "" ? name : `${below}/${name}`;
      const found = await stat(join(directory, path)).catch(() => undefined);
      if (found === undefined) throw refuse(path, "a link that leads nowhere");
      if (found.isDirectory()) await visit(path, [...above, real]);
      else if (found.isFile()) files.push(path);
      else throw refuse(path, "which is neither a file nor a directory");
    }
  };
  await visit("", []);
  return files.sort();
}
