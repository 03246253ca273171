import { ChainsError } from "@truss-chains/errors";
import { expect, test } from "vitest";
import "./matchers.ts";

async function* broken(): AsyncGenerator<number> {
  yield 1;
  throw new ChainsError("STREAM_FORMAT", "The stream broke.");
}

async function* numbers(): AsyncGenerator<number> {
  yield 1;
  yield 2;
}

const failure = (): Promise<never> => Promise.reject(new ChainsError("INPUT_INVALID", "`text` is missing."));

test("a failed call is recognised by its code and message", async () => {
  await expect(failure()).toFailWith("INPUT_INVALID");
  await expect(failure()).toFailWith("INPUT_INVALID", "`text`");
  await expect(failure()).not.toFailWith("OVERLOADED");
  await expect(expect(failure()).toFailWith("INPUT_INVALID", /other/)).rejects.toThrow(
    "got INPUT_INVALID: `text` is missing.",
  );
  await expect(expect(Promise.resolve(1)).toFailWith("INPUT_INVALID")).rejects.toThrow(
    "but the call succeeded",
  );
});

test("a stream is compared with its items, or recognised by its failure", async () => {
  await expect(numbers()).toYield([1, 2]);
  await expect(expect(numbers()).toYield([1])).rejects.toThrow("to yield");
  await expect(broken()).toFailWith("STREAM_FORMAT");
});
