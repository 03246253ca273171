import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { unwatchAbort, watchAbort } from "./abort-watch.ts";

test("a signal has one listener for any number of calls, and none after them", () => {
  const { signal } = new AbortController();
  const watchers = Array.from({ length: 100 }, () => ({ onAbort() {} }));
  for (const watcher of watchers) watchAbort(signal, watcher);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  for (const watcher of watchers) unwatchAbort(signal, watcher);
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

test("all are told, but for those who left", () => {
  const controller = new AbortController();
  const told: string[] = [];
  const watcher = (name: string) => ({ onAbort: () => told.push(name) });
  const [a, b, c] = [watcher("a"), watcher("b"), watcher("c")];
  for (const each of [a, b, c]) watchAbort(controller.signal, each);
  unwatchAbort(controller.signal, b);
  controller.abort();
  expect(told).toEqual(["a", "c"]);
});
