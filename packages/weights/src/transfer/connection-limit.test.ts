import { expect, test } from "vitest";
import { ConnectionLimit } from "./connection-limit.ts";

/** Feeds windows of half a second; `speed` tells the bytes of a window for a number of connections. */
function run(limit: ConnectionLimit, windows: number, speed: (connections: number) => number): number {
  for (let i = 0; i <= windows; i++) limit.record(speed(limit.current), i * 500, true);
  return limit.current;
}

test("it grows while more connections bring more", () => {
  expect(run(new ConnectionLimit(192), 20, (n) => n * 1e6)).toBe(192);
});

test("it stays where it is when the network is full", () => {
  expect(run(new ConnectionLimit(192), 10, () => 1e6)).toBe(16);
});

test("it settles at the width of the network", () => {
  const settled = run(new ConnectionLimit(192), 15, (n) => Math.min(n, 30) * 1e6);
  expect(settled).toBe(32);
});

test("it gives way when the origin asks for less", () => {
  const limit = new ConnectionLimit(64);
  limit.backOff();
  expect(limit.current).toBe(8);
  for (let i = 0; i < 10; i++) limit.backOff();
  expect(limit.current).toBe(1);
});

test("a window in which there was too little to do says nothing", () => {
  const limit = new ConnectionLimit(64);
  for (let i = 0; i < 20; i++) limit.record(1e6, i * 500, false);
  expect(limit.current).toBe(16);
});

test("it never exceeds what the user allows", () => {
  expect(run(new ConnectionLimit(3), 10, (n) => n * 1e6)).toBe(3);
});
