import { lstat, readdir, rm } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";

// Containers may share a directory, but not their processes.
const HOST = hostname().replace(/[^\w.]/g, "_");

/** A name for a directory that only this process uses; what is added to it makes it unique. */
export function nameOfMine(prefix: string): string {
  return `${prefix}-${HOST}-${process.pid}-`;
}

/**
 * Removes what processes of this user and machine left behind that could not clean up: killed ones. It may hold secrets.
 *
 * @param prefix as given to {@link nameOfMine}.
 */
export async function removeAbandoned(parent: string, prefix: string): Promise<void> {
  const pattern = new RegExp(`^${prefix}-${HOST.replaceAll(".", "\\.")}-(\\d+)-`);
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = pattern.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(parent, name);
    if (await isMine(path)) await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

async function isMine(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && (process.platform === "win32" || found.uid === userInfo().uid);
}
