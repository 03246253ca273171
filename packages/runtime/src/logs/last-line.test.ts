import { expect, test } from "vitest";
import { lastLine } from "./last-line.ts";

test("a line of a process that ends has its errors, and whatever JSON cannot hold as text", () => {
  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  const line = lastLine("error", "failed", { id: "r1", err: new TypeError("no"), loop, big: 1n });
  expect(JSON.parse(line)).toEqual({
    level: "error",
    msg: "failed",
    id: "r1",
    err: { type: "TypeError", message: "no", stack: expect.stringContaining("TypeError: no") },
    loop: expect.stringContaining("[Circular *1]"),
    big: "1n",
  });
  expect(line.endsWith("}\n")).toBe(true);
});
