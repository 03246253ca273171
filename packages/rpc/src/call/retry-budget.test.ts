import { expect, test } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

const take = (budget: RetryBudget, times: number) =>
  Array.from({ length: times }, () => budget.tryTake()).filter(Boolean).length;

test("a dependency that is down is not stormed", () => {
  expect(take(new RetryBudget(() => 0), 1000)).toBe(50);
});

test("successes earn retries, one for four", () => {
  const budget = new RetryBudget(() => 0);
  take(budget, 1000);
  for (let call = 0; call < 40; call++) budget.onSuccess();
  expect(take(budget, 1000)).toBe(10);
});

test("time earns them too, so that rare calls are not left without", () => {
  let now = 0;
  const budget = new RetryBudget(() => now);
  take(budget, 1000);
  now += 3_000;
  expect(take(budget, 1000)).toBe(3);
});
