import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { Limiter } from "./limiter.ts";

const never = new AbortController().signal;

test("calls wait in the order in which they came", async () => {
  const limiter = new Limiter(1);
  const order: number[] = [];
  expect(limiter.tryEnter()).toBe(true);
  const waiting = [1, 2, 3].map((n) => limiter.enter(never).then(() => order.push(n)));
  for (const turn of waiting) {
    limiter.leave();
    await turn;
  }
  expect(order).toEqual([1, 2, 3]);
});

test("a newcomer does not overtake those who wait", () => {
  const limiter = new Limiter(1);
  limiter.tryEnter();
  void limiter.enter(never);
  limiter.leave();
  expect(limiter.tryEnter()).toBe(false);
  limiter.leave();
  expect(limiter.tryEnter()).toBe(true);
});

test("one who gives up leaves no trace", async () => {
  const limiter = new Limiter(1);
  const controller = new AbortController();
  limiter.tryEnter();
  const waiting = limiter.enter(controller.signal);
  controller.abort(new Error("changed my mind"));
  await expect(waiting).rejects.toThrow("changed my mind");
  limiter.leave();
  expect(limiter.tryEnter()).toBe(true);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
