import { ChainsError } from "@truss-chains/errors";

/**
 * Checks that a set of file paths can exist as one tree on any file system: no path twice, none that is both a file
 * and a directory, none that differ only in case or in Unicode normalisation.
 *
 * @throws ChainsError `WEIGHTS_UNSAFE_PATH`
 */
export function checkTree(paths: Iterable<string>, origin: string): void {
  const files = new Map<string, string>();
  const directories = new Map<string, string>();
  const refuse = (message: string) => {
    throw new ChainsError("WEIGHTS_UNSAFE_PATH", `${origin}: ${message}`, {
      fix: "Nothing was written. Leave one of the two out with ignore_patterns.",
    });
  };
  const collides = (path: string, other: string, kind: string) =>
    path === other
      ? refuse(`${JSON.stringify(path)} is ${kind}.`)
      : refuse(`${JSON.stringify(path)} and ${JSON.stringify(other)} differ only in case or Unicode form.`);

  for (const path of paths) {
    const segments = path.split("/");
    for (let depth = 1; depth < segments.length; depth++) {
      const directory = segments.slice(0, depth).join("/");
      const key = fold(directory);
      const file = files.get(key);
      if (file !== undefined) collides(directory, file, "both a file and a directory");
      const known = directories.get(key);
      if (known === undefined) directories.set(key, directory);
      else if (known !== directory) collides(directory, known, "there twice");
    }
    const key = fold(path);
    const directory = directories.get(key);
    if (directory !== undefined) collides(path, directory, "both a file and a directory");
    const twin = files.get(key);
    if (twin !== undefined) collides(path, twin, "there twice");
    files.set(key, path);
  }
}

function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
