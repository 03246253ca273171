/** A signal that fires when the person presses Ctrl-C or the process is told to end; a second time ends it at once. */
export function untilInterrupted(): AbortSignal {
  const aborter = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => aborter.abort());
  return aborter.signal;
}
