import fc from "fast-check";
import { expect, test } from "vitest";
import { cut, RangeSet } from "./range-set.ts";

const SIZE = 40;
const range = fc
  .tuple(fc.nat(SIZE), fc.nat(SIZE))
  .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));

test("it knows the same bytes as a plain list of them", () => {
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const bytes = new Set<number>();
      const set = new RangeSet();
      for (const added of ranges) {
        set.add(added);
        for (let i = added.start; i < added.end; i++) bytes.add(i);
      }
      expect(set.bytes).toBe(bytes.size);
      let frontier = 0;
      while (bytes.has(frontier)) frontier++;
      expect(set.frontier).toBe(frontier);
      const missing = set
        .gaps(SIZE)
        .flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
      expect(missing).toEqual(Array.from({ length: SIZE }, (_, i) => i).filter((i) => !bytes.has(i)));
    }),
  );
});

test("pieces cover what they were cut from, in order, none too large", () => {
  expect(
    cut(
      [
        { start: 3, end: 10 },
        { start: 20, end: 21 },
      ],
      4,
    ),
  ).toEqual([
    { start: 3, end: 7 },
    { start: 7, end: 10 },
    { start: 20, end: 21 },
  ]);
  expect(cut([], 4)).toEqual([]);
});
