/** Whether tests run as long and as large as the promises of docs/runtime.md are. */
export const isFull = process.env.CHAINS_CHAOS === "1";

/** How much of something: all of it with `CHAINS_CHAOS=1`, else what a test run has time for. */
export const size = (full: number, reduced: number): number => (isFull ? full : reduced);

/** Shows a figure of a full run. */
export function report(what: string, figures: unknown): void {
  if (isFull) console.info(`${what}: ${JSON.stringify(figures)}`);
}

/** Calls so often, so many at a time. */
export async function inTurns(
  count: number,
  width: number,
  call: (id: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
