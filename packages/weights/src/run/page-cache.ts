import { open } from "node:fs/promises";

const BUFFER_BYTES = 4 * 1024 * 1024;

/** Reads files once, so that the model that loads them next finds them in memory. */
export async function readIntoPageCache(paths: readonly string[]): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  for (const path of paths) {
    const handle = await open(path, "r");
    try {
      while ((await handle.read(buffer, 0, BUFFER_BYTES)).bytesRead > 0);
    } finally {
      await handle.close();
    }
  }
}
