/** A half-open range of bytes: from `start` up to, but not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The bytes of one file that are there: sorted, disjoint ranges that never touch. */
export class RangeSet {
  #ranges: ByteRange[] = [];

  constructor(ranges: Iterable<ByteRange> = []) {
    for (const range of ranges) this.add(range);
  }

  add({ start, end }: ByteRange): void {
    if (end <= start) return;
    const before = this.#ranges.filter((range) => range.end < start);
    const after = this.#ranges.filter((range) => range.start > end);
    const touched = this.#ranges.slice(before.length, this.#ranges.length - after.length);
    const merged = {
      start: Math.min(start, ...touched.map((range) => range.start)),
      end: Math.max(end, ...touched.map((range) => range.end)),
    };
    this.#ranges = [...before, merged, ...after];
  }

  /** How many bytes are there without a gap, counted from the first one. */
  get frontier(): number {
    const first = this.#ranges[0];
    return first?.start === 0 ? first.end : 0;
  }

  get bytes(): number {
    return this.#ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  /** What is missing of a file of `size` bytes, in order. */
  gaps(size: number): ByteRange[] {
    const gaps: ByteRange[] = [];
    let from = 0;
    for (const { start, end } of this.#ranges) {
      if (start > from) gaps.push({ start: from, end: Math.min(start, size) });
      from = end;
    }
    if (from < size) gaps.push({ start: from, end: size });
    return gaps;
  }
}

/** Cuts ranges into pieces of at most `most` bytes. */
export function cut(ranges: readonly ByteRange[], most: number): ByteRange[] {
  const pieces: ByteRange[] = [];
  for (const { start, end } of ranges) {
    for (let from = start; from < end; from += most) {
      pieces.push({ start: from, end: Math.min(from + most, end) });
    }
  }
  return pieces;
}
