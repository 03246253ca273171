import type { ServerResponse } from "node:http";

/** Longest time that a client may take nothing of what was sent to it. */
const STALL_MS = 60_000;

/**
 * From now on, drops a client that takes no byte of its answer for too long, since the answer waits in memory.
 * The socket's own timer is used: it restarts with each byte that leaves.
 *
 * @returns ends the watch.
 */
export function dropWhenStalled(response: ServerResponse): () => void {
  const { socket } = response;
  if (!socket) return () => {};
  const drop = (): void => {
    response.destroy();
  };
  socket.setTimeout(STALL_MS, drop);
  return () => {
    socket.setTimeout(0, drop);
  };
}

/** The same until all of the response has left. */
export function dropWhileUnsent(response: ServerResponse): void {
  // Before Node's own listener, which then sets how long the idle connection is kept.
  response.prependOnceListener("finish", dropWhenStalled(response));
}
