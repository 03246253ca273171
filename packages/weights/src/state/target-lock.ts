import { randomUUID } from "node:crypto";
import { link, open, readFile, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, type ProcessIdentity, thisProcess } from "./process-identity.ts";
import { Silence } from "./silence.ts";
import type { StateDir } from "./state-dir.ts";

const POLL_MS = 100;
const HEARTBEAT_MS = 3_000;
/** An owner that cannot be asked, on another machine or in another container, is dead after this silence. */
const SILENCE_MS = 30_000;

interface LockContent extends ProcessIdentity {
  readonly token: string;
}

/**
 * The right to write a target, held by one process at a time. It is a file that names its owner: one whose owner has
 * ended is taken over, so that a crash releases it. It works between containers that share a directory, too.
 */
export class TargetLock {
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly token: string,
  ) {
    this.#heartbeat = setInterval(() => {
      const now = new Date();
      // A missed beat is no fault: the next one, or the owner's process number, says the same.
      utimes(this.path, now, now).catch(() => {});
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** Waits until the target is free. @param onWait is told once whom it waits for */
  static async acquire(
    state: StateDir,
    options: {
      readonly signal?: AbortSignal | undefined;
      readonly onWait?: (owner: ProcessIdentity) => void;
      /** For tests. */
      readonly silenceMs?: number;
    } = {},
  ): Promise<TargetLock> {
    const token = randomUUID();
    const silence = new Silence(options.silenceMs ?? SILENCE_MS);
    let told = false;
    for (;;) {
      options.signal?.throwIfAborted();
      await state.create();
      if (await place(state.lock, token)) return new TargetLock(state.lock, token);
      const seen = await read(state.lock);
      if (seen !== undefined && (await isDead(state.lock, seen, silence))) {
        await evict(state.lock, seen);
        continue;
      }
      if (seen !== undefined && !told) {
        told = true;
        options.onWait?.(seen);
      }
      await delay(POLL_MS, undefined, options.signal && { signal: options.signal });
    }
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    const current = await read(this.path);
    if (current?.token === this.token) await rm(this.path, { force: true });
  }
}

/** Places the lock, complete from its first moment on: a link to a file written before. */
async function place(path: string, token: string): Promise<boolean> {
  const draft = `${path}.${token}`;
  const content: LockContent = { ...thisProcess(), token };
  try {
    const file = await open(draft, "wx");
    await file.writeFile(JSON.stringify(content)).finally(() => file.close());
    await link(draft, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // ENOENT: the owner before just removed the directory as its last act.
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function read(path: string): Promise<LockContent | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as LockContent;
  } catch {
    return { token: text, pid: 0, space: "unreadable", started: "" };
  }
}

async function isDead(path: string, owner: LockContent, silence: Silence): Promise<boolean> {
  const alive = isAlive(owner);
  if (alive !== undefined) return !alive;
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && silence.isTooLong(owner.token, stats.mtimeMs);
}

/**
 * Removes a dead owner's lock. One waiter at a time looks and removes: two could see the same dead owner, and the
 * slower one would remove the lock that the faster one has placed by then.
 */
async function evict(path: string, dead: LockContent): Promise<void> {
  const guard = `${path}.evict`;
  const file = await open(guard, "wx").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EEXIST" || error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return dropAbandonedGuard(guard);
  await file.close();
  try {
    if ((await read(path))?.token === dead.token) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function dropAbandonedGuard(guard: string): Promise<void> {
  const stats = await stat(guard).catch(() => undefined);
  if (stats !== undefined && Date.now() - stats.mtimeMs > SILENCE_MS) await rm(guard, { force: true });
}
