import { ChainsError, type ErrorCode } from "@truss-chains/errors";
import { expect } from "vitest";

interface ChainMatchers {
  /**
   * The call, or the stream while it is read, fails with this code; and with this in its message, which shows the
   * errors of the whole chain, down to the root.
   */
  toFailWith(code: ErrorCode, message?: string | RegExp): Promise<void>;
  /** The stream gives just these items, and ends. */
  toYield(items: readonly unknown[]): Promise<void>;
}

declare module "vitest" {
  interface Matchers<T = any> extends ChainMatchers {}
}

expect.extend({
  async toFailWith(received: unknown, code: ErrorCode, message?: string | RegExp) {
    const outcome = await failureOf(received);
    if (!outcome)
      return { pass: false, message: () => `Expected a failure with ${code}, but the call succeeded.` };
    const { error } = outcome;
    const actual = error instanceof ChainsError ? error.code : undefined;
    const text = error instanceof Error ? error.message : String(error);
    const says =
      message === undefined || (typeof message === "string" ? text.includes(message) : message.test(text));
    return {
      pass: actual === code && says,
      message: () =>
        `Expected ${this.isNot ? "no " : "a "}failure with ${code}${message ? ` and ${message}` : ""}, got ${actual ?? "another error"}: ${text}`,
      actual: actual ?? text,
      expected: code,
    };
  },

  async toYield(received: AsyncIterable<unknown>, items: readonly unknown[]) {
    const yielded: unknown[] = [];
    for await (const item of received) yielded.push(item);
    return {
      pass: this.equals(yielded, items),
      message: () =>
        `Expected the stream ${this.isNot ? "not " : ""}to yield ${this.utils.printExpected(items)}, it yielded ${this.utils.printReceived(yielded)}.`,
      actual: yielded,
      expected: items,
    };
  },
});

/** What a call or a stream fails with; undefined when it succeeds. */
async function failureOf(received: unknown): Promise<{ readonly error: unknown } | undefined> {
  try {
    if (typeof received === "object" && received !== null && Symbol.asyncIterator in received) {
      for await (const _ of received as AsyncIterable<unknown>) {
        // Read to its end.
      }
    } else await received;
    return undefined;
  } catch (error) {
    return { error };
  }
}
