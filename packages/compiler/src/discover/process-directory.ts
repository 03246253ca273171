import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const directories = new Set<string>();

function removeAll(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

/** A new directory that is removed when this process ends: what is imported from it may import more at any time. */
export async function createProcessDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "truss-chains-"));
  if (directories.size === 0) {
    process.once("exit", removeAll);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, endBy);
  }
  directories.add(directory);
  return directory;
}

/** A signal still ends the process, unless someone else takes care of it. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 0) return;
  removeAll();
  process.kill(process.pid, signal);
}
