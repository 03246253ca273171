import { once } from "node:events";
import { DevSession } from "@truss-chains/dev";
import { DevView } from "../output/dev-view.ts";
import type { Terminal } from "../output/terminal.ts";

export interface DevCommandOptions {
  readonly port?: number;
  readonly watch: boolean;
  readonly secrets?: string;
  readonly service?: Readonly<Record<string, string>>;
}

/** Runs until it is interrupted, and then leaves nothing behind. */
export async function dev(
  source: string,
  entrypoint: string | undefined,
  { port, watch, secrets, service }: DevCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const interrupted = firstSignal();
  const aborter = new AbortController();
  void interrupted.then(() => aborter.abort());
  const view = new DevView(terminal);
  const session = await DevSession.start(source, {
    entrypoint,
    port,
    watch,
    ...(secrets !== undefined && { envFile: secrets }),
    ...(service && { services: service }),
    reporter: view,
    signal: aborter.signal,
  }).catch((thrown: unknown) => {
    if (!aborter.signal.aborted) throw thrown;
  });
  if (!session) return;
  try {
    const states = await Promise.race([session.ready(), interrupted]);
    if (states) view.ready(session, states, watch);
    await interrupted;
    terminal.note("\nStopping …");
  } finally {
    await session.close();
  }
}

function firstSignal(): Promise<undefined> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal));
  return Promise.race(signals).then(() => undefined);
}
