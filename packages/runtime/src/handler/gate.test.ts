import { describe, expect, test } from "vitest";
import { Gate } from "./gate.ts";

const NOBODY = { signal: undefined };
const limits = { concurrency: 1, waiting: 2, waitingBytes: 100 };

describe("a gate", () => {
  test("lets requests through in the order of their arrival", async () => {
    const gate = new Gate(limits);
    const order: string[] = [];
    expect(gate.enter(1, NOBODY)).toBeUndefined();
    const second = gate.enter(1, NOBODY)!.then(() => order.push("second"));
    const third = gate.enter(1, NOBODY)!.then(() => order.push("third"));
    gate.leave();
    await second;
    gate.leave();
    await third;
    expect(order).toEqual(["second", "third"]);
  });

  test("refuses a request when too many wait", () => {
    const gate = new Gate(limits);
    gate.enter(1, NOBODY);
    gate.enter(1, NOBODY);
    gate.enter(1, NOBODY);
    expect(() => gate.enter(1, NOBODY)).toThrow(expect.objectContaining({ code: "OVERLOADED" }));
  });

  test("refuses a request when those that wait hold too many bytes", () => {
    const gate = new Gate(limits);
    gate.enter(1000, NOBODY);
    gate.enter(1000, NOBODY);
    expect(() => gate.enter(1, NOBODY)).toThrow("1000 bytes of requests wait already");
  });

  test("forgets a request whose caller went away while it waited", async () => {
    const gate = new Gate(limits);
    gate.enter(1, NOBODY);
    const gone = new AbortController();
    const waiting = gate.enter(1, gone)!;
    gone.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    expect([gate.held, gate.waiting]).toEqual([1, 0]);
    gate.leave();
    expect(gate.enter(1, NOBODY)).toBeUndefined();
  });

  test("never loses a turn, whatever the order of aborts and ends", async () => {
    const gate = new Gate({ concurrency: 3, waiting: 1000, waitingBytes: 1e9 });
    const turns = Array.from({ length: 500 }, async (_, index) => {
      const controller = new AbortController();
      if (index % 3 === 0) queueMicrotask(() => controller.abort());
      try {
        await gate.enter(1, controller);
      } catch {
        return;
      }
      expect(gate.held).toBeLessThanOrEqual(3);
      await Promise.resolve();
      gate.leave();
    });
    await Promise.all(turns);
    expect([gate.held, gate.waiting]).toEqual([0, 0]);
  });
});
