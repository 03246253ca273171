import fc from "fast-check";
import { expect, test } from "vitest";
import { fnmatch } from "./fnmatch.ts";

// Results of Python 3.11's fnmatch.fnmatchcase.
test.each([
  ["sub/config.json", "*.json", true],
  ["sub/config.json", "config.json", false],
  ["config.JSON", "*.json", false],
  ["original/a/b", "original/*", true],
  ["x.bin", "**/x.bin", false],
  ["a/x.bin", "**/x.bin", true],
  ["sub/file", "sub/", false],
  ["", "*", true],
  ["", "", true],
  ["a\nb", "a?b", true],
  ["😀", "?", true],
  ["b", "[a-c]", true],
  ["-", "[a-]", true],
  ["d", "[!a-c]", true],
  ["]", "[]]", true],
  ["]", "[!]]", false],
  ["[", "[", true],
  ["[a", "[a", true],
  ["a", "[z-a]", false],
  ["!", "[z-a!]", true],
  ["x", "[!z-a]", true],
  ["\\", "\\", true],
  ["\\", "[\\]", true],
  ["^", "[^a]", true],
  ["b", "[^a]", false],
  ["{a,b}", "{a,b}", true],
  ["a", "{a,b}", false],
])("%j against %j is %j", (name, pattern, expected) => {
  expect(fnmatch(name, pattern)).toBe(expected);
});

test("without special characters a pattern is the name itself", () => {
  const plain = fc.string({ unit: "binary" }).filter((text) => !/[*?[]/.test(text) && text.isWellFormed());
  fc.assert(fc.property(plain, plain, (name, pattern) => fnmatch(name, pattern) === (name === pattern)));
});

test("a pattern cut out of a name matches it", () => {
  const name = fc.stringMatching(/^[a-z./]{0,20}$/);
  fc.assert(
    fc.property(name, fc.nat(20), fc.nat(20), (text, from, length) =>
      fnmatch(text, `${text.slice(0, from)}*${text.slice(from + length)}`),
    ),
  );
});

test("a pattern made to explode ends at once", () => {
  expect(fnmatch("a".repeat(5_000), `${"*a".repeat(500)}b`)).toBe(false);
});
