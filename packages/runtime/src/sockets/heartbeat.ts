import type { WebSocket } from "ws";
import type { ServeConfig } from "../lifecycle/serve-options.ts";

export interface HeartbeatOptions {
  readonly intervalMs: number;
  /** How long the pong may take. */
  readonly timeoutMs: number;
}

/** The Python server's own default for both. */
const DEFAULT_SECONDS = 20;

export function heartbeatOf(pings: ServeConfig["pings"]): HeartbeatOptions {
  return {
    intervalMs: (pings?.intervalSeconds ?? DEFAULT_SECONDS) * 1000,
    timeoutMs: (pings?.timeoutSeconds ?? DEFAULT_SECONDS) * 1000,
  };
}

/** Pings the other side for as long as the socket is open, and cuts it when no pong comes. */
export function keepAlive(socket: WebSocket, { intervalMs, timeoutMs }: HeartbeatOptions): void {
  let overdue: NodeJS.Timeout | undefined;
  const settle = (): void => {
    clearTimeout(overdue);
    overdue = undefined;
  };
  const timer = setInterval(() => {
    socket.ping();
    overdue ??= setTimeout(() => socket.terminate(), timeoutMs);
  }, intervalMs);
  socket.on("pong", settle);
  socket.once("close", () => {
    clearInterval(timer);
    settle();
  });
}
