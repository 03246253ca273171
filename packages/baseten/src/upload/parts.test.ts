import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partsOf } from "./parts.ts";

describe("the parts of an upload", () => {
  it("cover the file once, in order, and keep to the limits of S3", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 * 2 ** 40 }), (bytes) => {
        const parts = partsOf(bytes);
        expect(parts.length).toBeLessThanOrEqual(10_000);
        let at = 0;
        for (const part of parts) {
          if (part.offset !== at || part.bytes < 1)
            throw new RangeError(`part ${part.number} starts at ${part.offset}`);
          at += part.bytes;
        }
        expect(at).toBe(bytes);
        expect(parts.slice(0, -1).every((part) => part.bytes >= 8 * 2 ** 20)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
