import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

/** Text of all lengths and scripts, long enough for every way of converting. */
const text = fc
  .tuple(fc.string({ unit: "grapheme" }), fc.constantFrom("", "a", "é", "日本", "😀"), fc.nat(3000))
  .map(([some, filler, times]) => some + filler.repeat(times));

test("text comes back as it was, whatever its script and length", () => {
  fc.assert(
    fc.property(text, (sent) => {
      const encoded = Buffer.from(encodeUtf8(sent) as Uint8Array);
      expect(encoded.equals(Buffer.from(sent))).toBe(true);
      expect(decodeUtf8(encoded)).toBe(sent);
    }),
  );
});

test.each([1, 5000])("bytes that are not UTF-8 are no text (%i of them)", (times) => {
  expect(decodeUtf8(Buffer.from([...Buffer.from("é".repeat(times)), 0xff]))).toBeUndefined();
});

test("a byte order mark is kept, as JSON forbids to add or drop one", () => {
  const marked = `\ufeff${"é".repeat(1000)}`;
  expect(decodeUtf8(Buffer.from(marked))).toBe(marked);
});
