import { open, readFile, rm } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";

/**
 * Keeps a second push of the same chain from this machine away until the first has ended.
 *
 * @returns What ends the lock.
 * @throws ChainsError `PUSH_IN_PROGRESS`.
 */
export async function lockPush(file: string, chain: string): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt++) {
    const lock = await open(file, "wx", 0o600).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === "EEXIST") return undefined;
      throw thrown;
    });
    if (lock) {
      await lock.writeFile(String(process.pid)).finally(() => lock.close());
      return () => rm(file, { force: true });
    }
    const owner = Number(await readFile(file, "utf8").catch(() => "0"));
    if (attempt > 2 || isRunning(owner)) {
      throw new ChainsError("PUSH_IN_PROGRESS", `${chain} is being pushed by another process (${owner}).`, {
        fix: `Wait until it has ended. If there is no such process, remove ${file}.`,
      });
    }
    await rm(file, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Of another user, but there.
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}
