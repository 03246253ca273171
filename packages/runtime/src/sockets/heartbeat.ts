import type { WebSocket } from "ws";
import type { ServeConfig } from "../lifecycle/serve-options.ts";

export interface HeartbeatOptions {
  readonly intervalMs: number;
  /** How long the pong may take. */
  readonly timeoutMs: number;
}

/** The Python server's own default for both. */
const DEFAULT_SECONDS = 20;

/** Node fires a longer timer at once. */
const LONGEST_MS = 2 ** 31 - 1;

export function heartbeatOf(pings: ServeConfig["pings"]): HeartbeatOptions {
  const ms = (seconds = DEFAULT_SECONDS): number => Math.min(seconds * 1000, LONGEST_MS);
  return {
    intervalMs: ms(pings?.intervalSeconds ?? undefined),
    timeoutMs: ms(pings?.timeoutSeconds ?? undefined),
  };
}

/**
 * Pings the other side for as long as the socket is open, and cuts it when nothing comes back. A pong waits behind the
 * messages that the chainlet has not taken yet: any message is a sign of life, and silence counts only while we listen.
 */
export function keepAlive(socket: WebSocket, { intervalMs, timeoutMs }: HeartbeatOptions): void {
  let overdue: NodeJS.Timeout | undefined;
  const settle = (): void => {
    clearTimeout(overdue);
    overdue = undefined;
  };
  const judge = (): void => {
    if (socket.isPaused) settle();
    else socket.terminate();
  };
  const timer = setInterval(() => {
    socket.ping();
    overdue ??= setTimeout(judge, timeoutMs);
  }, intervalMs);
  socket.on("pong", settle).on("message", settle);
  socket.once("close", () => {
    clearInterval(timer);
    settle();
  });
}
