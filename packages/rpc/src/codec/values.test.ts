import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeMsgpack } from "./msgpack-decode.ts";
import { encodeMsgpack } from "./msgpack-encode.ts";
import { Duration } from "./values.ts";

// What Python 3.11 makes of timedelta(days, seconds, microseconds).
test.each([
  [
    [0, 1.5, 0],
    [0, 1, 500_000],
  ],
  [
    [1.5, 0, 0],
    [1, 43_200, 0],
  ],
  [
    [0, 90_000, 0],
    [1, 3_600, 0],
  ],
  [
    [0, 0, -1],
    [-1, 86_399, 999_999],
  ],
  [
    [0, 0, 2_500_000],
    [0, 2, 500_000],
  ],
  [
    [-1, 0, 0],
    [-1, 0, 0],
  ],
  [
    [0, 0, 0.6],
    [0, 0, 1],
  ],
] as const)("a span of time of %j is kept as Python keeps it", ([days, seconds, microseconds], kept) => {
  const span = new Duration(days, seconds, microseconds);
  expect([span.days, span.seconds, span.microseconds]).toEqual(kept);
});

test("every span of time arrives as it was sent, to the microsecond", () => {
  const part = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(part, part, part, (days, seconds, microseconds) => {
      const span = new Duration(days, seconds, microseconds);
      expect(span.seconds).toBeGreaterThanOrEqual(0);
      expect(span.seconds).toBeLessThan(86_400);
      expect(span.microseconds).toBeGreaterThanOrEqual(0);
      expect(span.microseconds).toBeLessThan(1e6);
      const exact = days * 86_400 + seconds + microseconds / 1e6;
      expect(Math.abs(span.toJSON() - exact)).toBeLessThan(1e-4);
      expect(decodeMsgpack(encodeMsgpack(span))).toEqual(span);
    }),
  );
});

test.each([1e20, Number.NaN, Number.POSITIVE_INFINITY])("a span of %d days is refused at once", (days) => {
  expect(() => new Duration(days, 0, 0)).toThrow(expect.objectContaining({ code: "USAGE" }));
  expect(() => new Duration(0, days, 0)).toThrow(expect.objectContaining({ code: "USAGE" }));
});
