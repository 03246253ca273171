import { statfs } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";

/** Left free whatever happens: a file system that is full to the last byte breaks more than this transfer. */
const MARGIN_BYTES = 16 * 1024 * 1024;

/** Bytes that this process may still write below a directory that exists. */
export async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** Whether so much can be written where so much is free. */
export function fits(needed: number, free: number): boolean {
  return needed === 0 || needed + MARGIN_BYTES <= free;
}

/** @throws ChainsError `WEIGHTS_DISK_FULL` before the first byte is written */
export async function checkSpace(
  dir: string,
  needed: number,
  measure: (dir: string) => Promise<number> = freeBytes,
): Promise<void> {
  const free = await measure(dir);
  if (fits(needed, free)) return;
  throw new ChainsError(
    "WEIGHTS_DISK_FULL",
    `The weights need ${shown(needed)} more below ${dir}, where ${shown(free)} are free, ` +
      `and ${shown(MARGIN_BYTES)} must stay free.`,
    {
      fix: "Free space, use a larger disk, or select fewer files with allow_patterns.",
      data: { needed, free },
    },
  );
}

function shown(bytes: number): string {
  return bytes < 1024 ** 3
    ? `${(bytes / 1024 ** 2).toFixed(1)} MiB`
    : `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
}

/** What a failed file operation means to a person. */
export function diskFault(error: unknown, path: string): ChainsError {
  if (error instanceof ChainsError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    return new ChainsError("WEIGHTS_DISK_FULL", `The disk was full while writing ${path} (${code}).`, {
      fix: "Free space and start again: what was fetched is kept and continued.",
      location: { file: path },
      cause: error,
    });
  }
  const fixes: Partial<Record<string, string>> = {
    EEXIST: "Remove the file there, or fetch into another directory.",
    ENOTDIR: "Remove the file on the way there, or fetch into another directory.",
    ENAMETOOLONG: "Fetch into a directory with a shorter path.",
    EROFS: "The file system is read-only: fetch into another directory.",
    EXDEV: "Mount one file system for the whole target: files are moved into place from its top directory.",
    ELOOP: "Remove the symbolic link there.",
  };
  return new ChainsError("FILE_NOT_WRITABLE", `${path} cannot be written: ${code ?? String(error)}.`, {
    fix: fixes[code ?? ""] ?? "Give this process the right to write there.",
    location: { file: path },
    cause: error,
  });
}
