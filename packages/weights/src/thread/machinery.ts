import type { HashService } from "../hashing/hash-service.ts";
import { LocalHashService } from "../hashing/local-hash-service.ts";
import { FallbackReader } from "../read/fallback-reader.ts";
import type { RangeReader } from "../read/job.ts";
import { SocketReader } from "../read/socket-reader.ts";
import { UndiciReader } from "../read/undici-reader.ts";
import { spawnThread } from "./spawn.ts";
import { ThreadedHashService } from "./threaded-hash-service.ts";
import { ThreadedReader } from "./threaded-reader.ts";

/** What moves and hashes the bytes of a transfer. */
export interface Machinery {
  readonly reader: RangeReader;
  readonly hashes: HashService;
  close(): Promise<void>;
}

/** Two threads read and two hash, where threads can be started; else everything happens in this one. */
export function startMachinery(threads = 2): Machinery {
  const readers: ThreadedReader[] = [];
  for (let i = 0; i < threads; i++) {
    const reader = spawnThread("reader");
    if (reader !== undefined) readers.push(new ThreadedReader(reader));
  }
  const sockets = readers.length > 0 ? leastLoaded(readers) : new SocketReader();
  // Undici stays in this thread: it is rarely needed, and every copy of it takes memory and time to start.
  const reader = new FallbackReader(sockets, new UndiciReader());
  const hashes = readers.length > 0 ? new ThreadedHashService(threads) : new LocalHashService();
  return {
    reader,
    hashes,
    close: async () => {
      await Promise.all([reader.close(), hashes.close()]);
    },
  };
}

function leastLoaded(readers: readonly ThreadedReader[]): RangeReader {
  return {
    read: (job, onProgress) =>
      readers.reduce((least, reader) => (reader.load < least.load ? reader : least)).read(job, onProgress),
    close: async () => {
      await Promise.all(readers.map((reader) => reader.close()));
    },
  };
}
