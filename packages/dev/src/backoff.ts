const FIRST_MS = 250;
const LONGEST_MS = 15_000;

/** Milliseconds to wait before restart number `crashes` in a row: doubling, up to a quarter of a minute. */
export function restartDelay(crashes: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, crashes - 1));
}

/** A chainlet that ran this long has recovered: its next crash counts as the first. */
export const RECOVERED_AFTER_MS = 30_000;
