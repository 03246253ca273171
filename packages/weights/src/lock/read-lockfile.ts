import { readFile } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";
import type { Lockfile } from "./lockfile.ts";
import { parseLockfile } from "./parse-lockfile.ts";

/**
 * Reads `chains.lock`; `undefined` when there is none.
 *
 * @throws ChainsError `WEIGHTS_LOCKFILE_INVALID`, `FILE_NOT_READABLE`
 */
export async function readLockfile(file: string): Promise<Lockfile | undefined> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw new ChainsError("FILE_NOT_READABLE", `${file} cannot be read: ${cause.code}.`, {
      fix: "Give this process the right to read it.",
      location: { file },
      cause,
    });
  });
  return text === undefined ? undefined : parseLockfile(text, file);
}
