import { expect, test } from "vitest";
import { blankSecrets } from "./blank-secrets.ts";

test("a secret is blanked from the line on that follows its first use", () => {
  const secrets = new Set<string>();
  const line = '{"msg":"token hunter2-hunter2"}';
  expect(blankSecrets(line, secrets)).toBe(line);
  secrets.add("hunter2-hunter2\n");
  expect(blankSecrets(line, secrets)).toBe('{"msg":"token [hidden]"}');
});

test("the secrets of one server do not blank the lines of another", () => {
  const line = '{"msg":"token hunter2-hunter2"}';
  expect(blankSecrets(line, new Set(["hunter2-hunter2"]))).toContain("[hidden]");
  expect(blankSecrets(line, new Set(["something-else"]))).toBe(line);
});
