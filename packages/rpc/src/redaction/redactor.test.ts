import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { redactor } from "./redactor.ts";

const PEM = [
  "-----BEGIN PRIVATE KEY-----",
  "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
  "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu",
  "-----END PRIVATE KEY-----",
  "",
].join("\n");

test("a secret whose file ends with a line break is blanked without it, as it is used", () => {
  const clean = redactor(["supersecret-123\n"]);
  expect(clean("bad key supersecret-123 refused")).toBe("bad key [hidden] refused");
});

test("a secret that is the beginning of another leaves none of it", () => {
  const clean = redactor(["hunter2-hunter2", "hunter2-hunter2-production"]);
  expect(clean("with hunter2-hunter2-production")).toBe("with [hidden]");
});

test("a header with a key is blanked, though the key is no known secret", () => {
  expect(redactor([])("authorization: Api-Key abcdefgh.12345")).toBe("authorization: Api-Key [hidden]");
});

test("short values are left alone", () => {
  expect(redactor(["true", "", "\n"])("it is true\n")).toBe("it is true\n");
});

/** How a value gets into a text, and from there into a line of a log. */
const WAYS: readonly (readonly [string, (secret: string) => string])[] = [
  ["as it is", (secret) => `key ${secret}.`],
  ["as JSON", (secret) => JSON.stringify({ secret })],
  ["as console.log prints an object", (secret) => inspect({ secret })],
  ["as console.log prints a deep object", (secret) => inspect({ a: { b: [secret] } }, { compact: false })],
];
const logLine = (msg: string) => JSON.stringify({ msg });

test.each(WAYS)("a secret of several lines is blanked %s", (_, print) => {
  const clean = redactor([PEM]);
  for (const text of [print(PEM), print(PEM.trim()), print(PEM.replaceAll("\n", "\r\n"))]) {
    for (const shown of [clean(text), clean(logLine(text)), clean(logLine(logLine(text)))]) {
      expect(shown).not.toMatch(/MIIEvQ|MzEfYy|PRIVATE/);
    }
  }
});

const awkward = fc
  .array(fc.constantFrom("a", "Z", "0", '"', "'", "`", "\\", "\t", "\u001b", "é", "𝄞", "$&", " "), {
    minLength: 6,
    maxLength: 20,
  })
  .map((parts) => `s${parts.join("")}e`);

test.each(WAYS)("a secret with quotes and other signs is blanked %s, in a log line too", (_, print) => {
  fc.assert(
    fc.property(awkward, (secret) => {
      const clean = redactor([secret]);
      const bare = print("");
      for (const [shown, without] of [
        [clean(print(secret)), bare],
        [clean(logLine(print(secret))), logLine(bare)],
      ] as const) {
        expect(shown).toContain("[hidden]");
        // Only the quotes around it may be others.
        expect(shown.replace("[hidden]", "").replaceAll(/["'`\\]/g, "")).toBe(
          without.replaceAll(/["'`\\]/g, ""),
        );
      }
    }),
  );
});
