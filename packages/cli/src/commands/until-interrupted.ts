import { ChainsError } from "@truss-chains/errors";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that fires when the person presses Ctrl-C or the process is told to end; a second time ends it at once. */
export function untilInterrupted(): AbortSignal {
  const aborter = new AbortController();
  for (const signal of SIGNALS) process.once(signal, () => aborter.abort());
  return aborter.signal;
}

/** Throws what has failed: as the interruption that it is, when the person has asked for it. */
export function unlessInterrupted(signal: AbortSignal, message: string, thrown: unknown): never {
  if (!signal.aborted) throw thrown;
  throw new ChainsError("INTERRUPTED", message, { cause: thrown });
}

/** The same for a part of a command's work, with an error that says so; `release` ends it. */
export function interruption(): { readonly signal: AbortSignal; release(): void } {
  const aborter = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    const fix = "Start it again: what was fetched is kept and continued.";
    aborter.abort(new ChainsError("INTERRUPTED", `Stopped by ${signal}.`, { fix }));
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  return {
    signal: aborter.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, stop);
    },
  };
}
