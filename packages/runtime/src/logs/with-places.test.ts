import { expect, test } from "vitest";
import { withPlaces } from "./with-places.ts";

test("an error is logged with its causes, each with the lines of its author", async () => {
  const cause = new RangeError("deep");
  const shown = (await withPlaces(new Error("above", { cause }))) as Error;
  expect(shown).toBeInstanceOf(Error);
  expect([shown.message, (shown.cause as Error).message]).toEqual(["above", "deep"]);
  for (const { stack } of [shown, shown.cause as Error])
    expect(stack).toMatch(/at <anonymous> \(\/.*with-places\.test\.ts:\d+\)$/m);
});

test("an error that is its own cause is shown once", async () => {
  const error = new Error("round");
  error.cause = error;
  expect(((await withPlaces(error)) as Error).message).toBe("round");
});

test("an error that cannot be read is passed on as it is", async () => {
  const error = Object.defineProperty(new Error("a"), "message", {
    get() {
      throw new Error("not to be touched");
    },
  });
  expect(await withPlaces(error)).toBeInstanceOf(Error);
});
