import { readFile } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";
import { shortPath } from "./output/short-path.ts";

/** The bytes of a file that is there. @throws ChainsError `FILE_NOT_READABLE` */
export async function readBytes(file: string): Promise<Buffer> {
  return readFile(file).catch((thrown: NodeJS.ErrnoException) => {
    throw notReadable(file, `cannot be read: ${thrown.code ?? thrown.message}`, {
      fix:
        thrown.code === "EISDIR" ? "Name a file: this is a directory." : "Make it a file that you may read.",
      cause: thrown,
    });
  });
}

/**
 * The text of a file that will be written again. Bytes that are no text are refused: read as something else, they would
 * be lost.
 *
 * @throws ChainsError `FILE_NOT_READABLE`
 */
export async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw notReadable(file, "is not UTF-8 text", { fix: "Save it as UTF-8.", cause });
  }
}

function notReadable(file: string, what: string, options: { fix: string; cause: unknown }): ChainsError {
  return new ChainsError("FILE_NOT_READABLE", `${shortPath(file)} ${what}.`, {
    ...options,
    location: { file },
  });
}
