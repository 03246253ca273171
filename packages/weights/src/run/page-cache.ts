import { open } from "node:fs/promises";

const BUFFER_BYTES = 4 * 1024 * 1024;

/** Reads files once, so that the model that loads them next finds them in memory. Ends early when it is aborted. */
export async function readIntoPageCache(paths: readonly string[], signal: AbortSignal): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  for (const path of paths) {
    if (signal.aborted) return;
    const handle = await open(path, "r");
    try {
      while (!signal.aborted && (await handle.read(buffer, 0, BUFFER_BYTES)).bytesRead > 0);
    } finally {
      await handle.close();
    }
  }
}
