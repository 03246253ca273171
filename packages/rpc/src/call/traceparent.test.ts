import { expect, test } from "vitest";
import { childTraceparent } from "./traceparent.ts";

test("a call is a new span of the trace it belongs to", () => {
  const parent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const child = childTraceparent(parent);
  expect(child).toMatch(/^00-a{32}-[0-9a-f]{16}-01$/);
  expect(child).not.toBe(parent);
});

test.each([undefined, "", "garbage"])("without a valid parent (%s) a trace begins", (parent) => {
  expect(childTraceparent(parent)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

test("ids do not repeat", () => {
  const ids = new Set(Array.from({ length: 5_000 }, () => childTraceparent(undefined)));
  expect(ids.size).toBe(5_000);
});
