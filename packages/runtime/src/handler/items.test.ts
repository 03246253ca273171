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
    const stuck = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const items = limitItems(stuck, { ...limits, gapMs: 10 })[Symbol.asyncIterator]();
    await expect(items.next()).rejects.toThrow("Poet yielded no item for 0.01 seconds.");
  });

  test("may take as long as they want when the limit is a month", async () => {
    async function* slow(): AsyncGenerator<number> {
      await new Promise((resolve) => setTimeout(resolve, 10));
      yield 1;
    }
    expect(await collect(limitItems(slow(), { ...limits, gapMs: 30 * 86_400_000 }))).toEqual([1]);
  });

  test("may be read slowly", async () => {
    const items = limitItems(numbers(2), { ...limits, gapMs: 5 })[Symbol.asyncIterator]();
    await items.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await items.next()).toEqual({ done: false, value: 1 });
  });

  test("are none when the caller went away before", async () => {
    const items = limitItems(numbers(3), { ...limits, signal: AbortSignal.abort(new Error("gone")) });
    await expect(collect(items)).rejects.toThrow("gone");
  });

  test("leave neither timer nor listener behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, "removeEventListener");
    await collect(limitItems(numbers(3), { ...limits, signal }));
    for await (const _ of limitItems(numbers(3), { ...limits, signal })) break;
    expect(timers()).toBe(before);
    expect(removed).toHaveBeenCalledTimes(2);
  });
});
