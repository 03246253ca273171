import fc from "fast-check";
import { expect, test } from "vitest";
import { BodyGatherer } from "./body-gatherer.ts";

test("a body is what its pieces are, whatever its length was said to be", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 8 }),
      fc.oneof(fc.constant("right"), fc.constant("unknown"), fc.nat(200)),
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
