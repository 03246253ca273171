import fc from "fast-check";
import { expect, test } from "vitest";
import { BodyGatherer } from "./body-gatherer.ts";

test("a body is what its pieces are, whatever its length was said to be", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 5_000 }), { maxLength: 12 }),
      fc.oneof(fc.constant("right"), fc.constant("unknown"), fc.nat(20_000)),
      (pieces, said) => {
        const expected = Buffer.concat(pieces);
        const announced = said === "right" ? expected.length : said === "unknown" ? Number.NaN : said;
        const gatherer = new BodyGatherer(announced);
        for (const piece of pieces) gatherer.add(piece);
        expect(gatherer.size).toBe(expected.length);
        expect(Buffer.from(gatherer.finish())).toEqual(expected);
      },
    ),
  );
});

test("a body that comes at once is not copied", () => {
  const piece = Buffer.from("all of it");
  const gatherer = new BodyGatherer(piece.length);
  gatherer.add(piece);
  expect(gatherer.finish()).toBe(piece);
});

test("an announced length takes no memory before bytes come, and little on its word alone", () => {
  const gatherer = new BodyGatherer(100 * 1024 ** 3);
  gatherer.add(Buffer.from("that was it"));
  expect(Buffer.from(gatherer.finish()).toString()).toBe("that was it");
});

test("millions of tiny pieces take little more memory than their bytes", () => {
  const bytes = 2_000_000;
  const wire = Buffer.alloc(bytes, "x");
  const before = process.memoryUsage().heapUsed;
  const gatherer = new BodyGatherer(Number.NaN);
  for (let at = 0; at < bytes; at++) gatherer.add(wire.subarray(at, at + 1));
  expect((process.memoryUsage().heapUsed - before) / bytes).toBeLessThan(50);
  expect(Buffer.from(gatherer.finish()).equals(wire)).toBe(true);
});
