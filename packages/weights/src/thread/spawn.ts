import { Worker } from "node:worker_threads";
import { embeddedThread } from "./embedded.ts";
import { installedFile } from "./installed-file.ts";
import type { ThreadRole } from "./messages.ts";

/** Bytes are in buffers outside the heap: what a thread has in it is a few objects a range. */
const SMALL_HEAP = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128 };
const SCRIPT = "transfer-thread.cjs";

/** Starts a thread, or says that there is no script to start: the work is then done in the calling thread. */
export function spawnThread(role: ThreadRole): Worker | undefined {
  const options = { workerData: { role }, name: `weights-${role}`, execArgv: [], resourceLimits: SMALL_HEAP };
  const worker =
    embeddedThread === undefined ? fromFile(options) : new Worker(embeddedThread, { ...options, eval: true });
  // Threads with nothing to do must not keep a process alive.
  worker?.unref();
  return worker;
}

function fromFile(options: ConstructorParameters<typeof Worker>[1]): Worker | undefined {
  const script = installedFile(SCRIPT);
  return script === undefined ? undefined : new Worker(script, options);
}
