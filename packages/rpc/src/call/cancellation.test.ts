import { expect, test } from "vitest";
import { Cancellation } from "./cancellation.ts";

test("a signal that is asked for later is aborted already", () => {
  const cancellation = new Cancellation();
  cancellation.abort(new Error("gone"));
  cancellation.abort(new Error("again"));
  expect(cancellation.signal.reason).toEqual(new Error("gone"));
});

test("a signal that is asked for before aborts with the reason", () => {
  const cancellation = new Cancellation();
  const { signal } = cancellation;
  expect(signal.aborted).toBe(false);
  cancellation.abort("gone");
  expect([signal.aborted, signal.reason]).toEqual([true, "gone"]);
  expect(cancellation.signal).toBe(signal);
});

test("another signal is followed until it is let go", () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const cancellation = new Cancellation();
  cancellation.follow(first.signal)();
  first.abort("first");
  expect(cancellation.signal.aborted).toBe(false);
  cancellation.follow(second.signal);
  second.abort("second");
  expect(cancellation.signal.reason).toBe("second");
});
