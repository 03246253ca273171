import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import { ChainsError } from "@truss-chains/errors";

/**
 * Keeps a second push of the same chain from this machine away until the first has ended. The lock of a process that is
 * no more counts for nothing.
 *
 * @returns What ends the lock.
 * @throws ChainsError `PUSH_IN_PROGRESS`.
 */
export async function lockPush(file: string, chain: string): Promise<() => Promise<void>> {
  const owner = await tryLock(file);
  if (owner === undefined) return () => rm(file, { force: true });
  throw new ChainsError("PUSH_IN_PROGRESS", `${chain} is being pushed by another process (${owner}).`, {
    fix: `Wait until it has ended. If there is no such process, remove ${file}.`,
  });
}

const ATTEMPTS = 3;

/** Takes the lock, or tells the process that has it. */
export async function tryLock(file: string): Promise<number | undefined> {
  let owner = 0;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await create(file)) return undefined;
    owner = await ownerOf(file);
    if (isRunning(owner)) return owner;
    await removeStale(file, owner);
  }
  return owner;
}

// Written beside and linked: a lock is never there without its owner in it.
async function create(file: string): Promise<boolean> {
  const draft = besideName(file);
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(String(process.pid)).finally(() => handle.close());
    await link(draft, file);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
}

// Moved away first, and looked at: another process may have put its own in place of the stale one meanwhile.
async function removeStale(file: string, owner: number): Promise<void> {
  const aside = besideName(file);
  const isMoved = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!isMoved) return;
  if ((await ownerOf(aside)) !== owner) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

function besideName(file: string): string {
  return `${file}.${randomBytes(4).toString("hex")}`;
}

async function ownerOf(file: string): Promise<number> {
  return Number(await readFile(file, "utf8").catch(() => "0"));
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
