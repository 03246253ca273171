import { constants } from "node:fs";
import { copyFile } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";
import writeFileAtomic from "write-file-atomic";
import type { FileMigration } from "./migration.ts";

/**
 * Keeps the original beside the file, under a name that no earlier backup has, and replaces the file in one step.
 *
 * @returns the path of the backup.
 * @throws ChainsError `FILE_NOT_WRITABLE`; the file is then unchanged.
 */
export async function writeMigration({ file, after }: FileMigration): Promise<string> {
  try {
    const backup = await backUp(file);
    await writeFileAtomic(file, after);
    return backup;
  } catch (thrown) {
    throw new ChainsError("FILE_NOT_WRITABLE", `${file} cannot be migrated: ${(thrown as Error).message}`, {
      fix: "The file is unchanged. Check the permissions of its directory.",
      location: { file },
      cause: thrown,
    });
  }
}

async function backUp(file: string): Promise<string> {
  for (let number = 0; ; number++) {
    const backup = `${file}.bak${number === 0 ? "" : `.${number}`}`;
    try {
      await copyFile(file, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    }
  }
}
