import { describe, expect, test, vi } from "vitest";
import { limitItems } from "./items.ts";

const never = new AbortController().signal;
const limits = { signal: never, gapMs: 60_000, chainlet: "Poet", run: <T>(piece: () => T) => piece() };

async function* numbers(count: number, onEnd: () => void = () => {}): AsyncGenerator<number> {
  try {
    for (let index = 0; index < count; index++) yield index;
  } finally {
    onEnd();
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe("the items of a stream", () => {
  test("come through in order", async () => {
    expect(await collect(limitItems(numbers(3), limits))).toEqual([0, 1, 2]);
  });

  test("stop when the caller goes away, and the generator cleans up", async () => {
    const gone = new AbortController();
    const ended = vi.fn();
    const items = limitItems(numbers(1e9, ended), { ...limits, signal: gone.signal });
    const reading = (async () => {
      for await (const item of items) if (item === 5) gone.abort(new Error("gone"));
    })();
    await expect(reading).rejects.toThrow("gone");
    expect(ended).toHaveBeenCalledOnce();
  });

  test("stop even while the generator waits for something that never comes", async () => {
    const gone = new AbortController();
    async function* stuck(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    const items = limitItems(stuck(), { ...limits, signal: gone.signal })[Symbol.asyncIterator]();
    await items.next();
    const pending = items.next();
    gone.abort(new Error("gone"));
    await expect(pending).rejects.toThrow("gone");
  });

  test("end with an error when the next one takes too long", async () => {
    vi.useFakeTimers();
    try {
      const items = limitItems(
        { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) },
        limits,
      );
      const pending = expect(items[Symbol.asyncIterator]().next()).rejects.toThrow(
        "Poet yielded no item for 60 seconds.",
      );
      await vi.advanceTimersByTimeAsync(60_000);
      await pending;
    } finally {
      vi.useRealTimers();
    }
  });

  test("may be read slowly", async () => {
    vi.useFakeTimers();
    try {
      const items = limitItems(numbers(2), limits)[Symbol.asyncIterator]();
      await items.next();
      await vi.advanceTimersByTimeAsync(600_000);
      expect(await items.next()).toEqual({ done: false, value: 1 });
    } finally {
      vi.useRealTimers();
    }
  });

  test("leave neither timer nor listener behind", async () => {
    vi.useFakeTimers();
    try {
      const { signal } = new AbortController();
      const removed = vi.spyOn(signal, "removeEventListener");
      await collect(limitItems(numbers(3), { ...limits, signal }));
      for await (const _ of limitItems(numbers(3), { ...limits, signal })) break;
      expect(vi.getTimerCount()).toBe(0);
      expect(removed).toHaveBeenCalledTimes(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
