import { expect } from "vitest";
import type { ServerProcess } from "../support/server-process.ts";

/** What a server process holds, after its garbage was collected. */
export interface ServerState {
  readonly heapBytes: number;
  /** Open handles and timers, counted by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Asks a server that was started with `report-state.mjs`. */
export async function stateOf(server: ServerProcess): Promise<ServerState> {
  const known = statesOf(server).length;
  server.stop("SIGUSR2");
  await expect.poll(() => statesOf(server).length, { timeout: 20_000 }).toBeGreaterThan(known);
  return JSON.parse(statesOf(server).at(-1)!.slice("state ".length));
}

const statesOf = (server: ServerProcess): string[] =>
  server.lines.map(({ msg }) => msg).filter((msg) => msg.startsWith("state "));

/** What the process warned of, a leak of listeners among it. */
export const warningsOf = (server: ServerProcess): string[] =>
  server.lines.map(({ msg }) => msg).filter((msg) => msg.startsWith("warning "));

/** The figures of a server, by name and labels. */
export async function metricsOf(server: ServerProcess): Promise<Map<string, number>> {
  const text = await (await fetch(`${await server.ready()}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

/** Waits until a server serves nothing and calls nothing, by its own figures. */
export async function idle(server: ServerProcess): Promise<void> {
  const busy = async () => {
    const metrics = await metricsOf(server);
    return [...metrics].filter(
      ([name, value]) => /(ongoing|queued|total)_requests(\{|$)/.test(name) && value !== 0,
    );
  };
  await expect.poll(busy, { timeout: 20_000 }).toEqual([]);
}
