import { stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { ChainsError } from "@truss-chains/errors";

const EXTENSIONS = [".ts", ".mts", ".tsx", ".js", ".mjs"];

/**
 * The absolute path of a chain's source file.
 *
 * @throws ChainsError `SOURCE_NOT_FOUND`.
 */
export async function resolveSource(source: string, cwd: string = process.cwd()): Promise<string> {
  const file = resolve(cwd, source);
  const found = await stat(file).catch(() => undefined);
  if (!found) {
    throw new ChainsError("SOURCE_NOT_FOUND", `${source} does not exist.`, {
      fix: `Name the TypeScript file of the chain. Looked for ${file}.`,
      location: { file },
    });
  }
  if (!found.isFile()) {
    throw new ChainsError("SOURCE_NOT_FOUND", `${source} is a directory, not a source file.`, {
      fix: "Name the TypeScript file that exports the chain's entrypoint.",
      location: { file },
    });
  }
  if (!EXTENSIONS.includes(extname(file))) {
    throw new ChainsError("SOURCE_NOT_FOUND", `${source} is not a TypeScript or JavaScript file.`, {
      fix: `Its name has to end in one of ${EXTENSIONS.join(", ")}.`,
      location: { file },
    });
  }
  return file;
}
