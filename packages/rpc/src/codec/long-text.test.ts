import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeJson } from "./json.ts";
import { LONG_TEXT } from "./long-text.ts";

// Long by repetition, of characters that need an escape and of some that do not.
const longText = fc
  .string({
    minLength: 1,
    maxLength: 40,
    unit: fc.constantFrom("a", "日", "😀", '"', "\\", "\n", "\u007f", "\ud800"),
  })
  .map((text) => text.repeat(Math.ceil(LONG_TEXT / text.length)));

const { value: withLongText } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    longText,
    fc.jsonValue(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), fc.option(tie("value"), { nil: undefined }), { maxKeys: 4 }),
  ),
}));

test("values with long text are written as JSON.stringify writes them", () => {
  fc.assert(
    fc.property(withLongText, (value) => {
      expect(encodeJson(value)).toBe(JSON.stringify(value));
    }),
    { numRuns: 500 },
  );
});
