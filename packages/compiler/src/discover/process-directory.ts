import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const directories = new Set<string>();

/** A new directory that is removed when this process ends, if not before. */
export async function createProcessDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "truss-chains-"));
  if (directories.size === 0) listen();
  directories.add(directory);
  return directory;
}

export async function removeProcessDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  directories.delete(directory);
  if (directories.size === 0) listenNoMore();
}

// First: who listens for a signal once is gone from the list when the next listener is called.
function listen(): void {
  process.once("exit", removeAll);
  for (const signal of SIGNALS) process.prependOnceListener(signal, endBy);
}

function listenNoMore(): void {
  process.off("exit", removeAll);
  for (const signal of SIGNALS) process.off(signal, endBy);
}

function removeAll(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

/** A signal still ends the process, unless someone else takes care of it. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 0) return;
  removeAll();
  process.kill(process.pid, signal);
}
