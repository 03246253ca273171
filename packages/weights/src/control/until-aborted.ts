/**
 * Settles with the work, or with the signal's reason: for clients that know no signals. Such work goes on unheard until
 * its own timeout.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener("abort", abort));
}
