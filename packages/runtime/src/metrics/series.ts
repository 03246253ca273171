/** Figures that belong together. Measuring happens several times in each call: it is an addition, and no more. */
export interface Series {
  add(value: number): void;
}

/** A counter, or a gauge. */
export class Sum implements Series {
  value: number;

  constructor(value = 0) {
    this.value = value;
  }

  add(value: number): void {
    this.value += value;
  }
}

/** Upper bounds in seconds, from an answer out of memory to a long generation. */
export const BOUNDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
];

/** How many values there were up to each bound. */
export class Distribution implements Series {
  /** Values above the bound before and up to this one; the last are above all. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(readonly bounds: readonly number[] = BOUNDS) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  add(value: number): void {
    let bound = 0;
    while (bound < this.bounds.length && value > this.bounds[bound]!) bound++;
    this.counts[bound]!++;
    this.sum += value;
  }
}
