import type { Duplex } from "node:stream";

/** How long the other side may take to end the connection too. */
const LINGER_MS = 1_000;

/**
 * Ends a socket after some last bytes. Closing at once could lose them, since what the client still sends would reset the
 * connection: it is read, and dropped, for a moment.
 */
export function hangUp(socket: Duplex, lastBytes: string | Uint8Array): void {
  socket.end(lastBytes);
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once("close", () => clearTimeout(cut));
}
