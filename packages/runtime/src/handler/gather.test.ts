import { expect, test } from "vitest";
import { gatherText } from "./gather.ts";

async function* stream(...items: unknown[]): AsyncGenerator<unknown> {
  yield* items;
}
const gather = (...items: unknown[]) => gatherText(stream(...items), (item) => item);
const bytes = (...values: number[]) => Uint8Array.from(values);

test("texts and bytes of a stream are put together, characters that were split as well", async () => {
  expect(await gather()).toBe("");
  expect(await gather("a\ud83d", "\ude00")).toBe("a😀");
  expect(await gather(bytes(0xc3), bytes(0xa9, 0x62), "c")).toBe("ébc");
});

test("what is no text is refused, and the stream ended", async () => {
  let ended = false;
  async function* objects(): AsyncGenerator<unknown> {
    try {
      for (;;) yield { a: 1 };
    } finally {
      ended = true;
    }
  }
  await expect(gatherText(objects(), (item) => item)).rejects.toMatchObject({
    status: 406,
    message: "This stream yields objects, and cannot be one JSON string.",
  });
  expect(ended).toBe(true);
  for (const items of [[bytes(0xff)], [bytes(0xc3)], [bytes(0xc3), "a"]]) {
    await expect(gather(...items)).rejects.toThrow("yields bytes that are no UTF-8");
  }
});
