import { expect, test } from "vitest";
import { formatLocation, formatPath } from "./location.ts";

test("paths read like code", () => {
  expect(formatPath(["weights", 0, "source"])).toBe("weights[0].source");
  expect(formatPath(["environment_variables", "A B"])).toBe('environment_variables["A B"]');
});

test("a location shows what is known and nothing else", () => {
  expect(formatLocation(undefined)).toBe("");
  expect(
    formatLocation({ file: "chain.ts", line: 12, column: 3, className: "Search", member: "runRemote" }),
  ).toBe("chain.ts:12:3 (Search.runRemote)");
  expect(formatLocation({ className: "Search" })).toBe("Search");
  expect(formatLocation({ line: 4 })).toBe("line 4");
});
