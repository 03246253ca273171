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

test("a value that cannot even be looked at is said to be one", () => {
  const refuse = () => {
    throw new Error("not to be touched");
  };
  const untouchable = new Proxy({}, { get: refuse, getPrototypeOf: refuse, ownKeys: refuse });
  const unspeakable = Object.defineProperty(new Error("a"), "message", { get: refuse });
  const line = JSON.parse(lastLine("error", "failed", { untouchable, unspeakable, id: "r1" }));
  expect(line).toMatchObject({ msg: "failed", id: "r1", unspeakable: expect.any(String) });
  expect(line).toHaveProperty("untouchable");
});
