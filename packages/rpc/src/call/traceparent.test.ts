import { expect, test } from "vitest";
import { childTraceparent } from "./traceparent.ts";

test("a call is a new span of the trace it belongs to", () => {
  const parent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const child = childTraceparent(parent);
  expect(child).toMatch(/^00-a{32}-[0-9a-f]{16}-01$/);
  expect(child).not.toBe(parent);
});

const IDS = `${"a".repeat(32)}-${"b".repeat(16)}`;

test.each([`01-${IDS}-01`, `cc-${IDS}-01-what-comes-later`])(
  "a context of a later version (%s) is sent on in the version that we know",
  (parent) => {
    expect(childTraceparent(parent)).toMatch(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/);
  },
);

const NO_TRACE = `${"0".repeat(32)}-${"b".repeat(16)}`;
const NO_SPAN = `${"a".repeat(32)}-${"0".repeat(16)}`;

test.each([
  undefined,
  "",
  "garbage",
  `ff-${IDS}-01`,
  `00-${IDS}-01-more`,
  `01-${IDS}-01more`,
  `00-${NO_TRACE}-01`,
  `00-${NO_SPAN}-01`,
])("without a valid parent (%s) a trace begins", (parent) => {
  expect(childTraceparent(parent)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

test("ids do not repeat", () => {
  const ids = new Set(Array.from({ length: 5_000 }, () => childTraceparent(undefined)));
  expect(ids.size).toBe(5_000);
});
