import type { ChainsError } from "@truss-chains/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { encodeFrame, FRAME } from "./frame.ts";
import { FrameParser } from "./frame-parser.ts";
import { streamReader } from "./stream-reader.ts";
import { streamWriter } from "./stream-writer.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** The pieces that a network makes of these bytes. */
async function* cut(bytes: Uint8Array, sizes: readonly number[]) {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const types = {
  header: z.object({ msg: z.string() }),
  item: z.object({ words: z.array(z.string()) }),
  footer: z.object({ n: z.number() }),
};

test("frames are byte for byte what Python writes", () => {
  const writer = streamWriter(types);
  expect(hex(writer.header({ msg: "hé" }))).toBe("020000000d7b226d7367223a2268c3a9227d");
  expect(hex(writer.item({ words: ["a", "b"] }))).toBe("03000000137b22776f726473223a5b2261222c2262225d7d");
  expect(hex(writer.footer({ n: 3 }))).toBe("04000000077b226e223a337d");
});

test("what is written is read, however the network splits it", async () => {
  const message = fc.record({ words: fc.array(fc.string({ unit: "grapheme" })) });
  await fc.assert(
    fc.asyncProperty(fc.array(message), fc.array(fc.nat(40)), async (items, sizes) => {
      const writer = streamWriter(types);
      const parts = [
        writer.header({ msg: "ü" }),
        ...items.map(writer.item),
        writer.footer({ n: items.length }),
      ];
      const reader = streamReader(types, cut(Buffer.concat(parts), sizes));
      expect(await reader.header()).toEqual({ msg: "ü" });
      expect(await collect(reader.items())).toEqual(items);
      expect(await reader.footer()).toEqual({ n: items.length });
    }),
  );
});

test("no bytes do anything but give frames or raise STREAM_FORMAT", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1 })), (pieces) => {
      const parser = new FrameParser();
      try {
        for (const piece of pieces) parser.push(piece);
        parser.end();
      } catch (error) {
        expect((error as ChainsError).code).toBe("STREAM_FORMAT");
      }
    }),
  );
});

test("a frame longer than 2 GiB is waited for, not taken for a negative length", () => {
  expect(new FrameParser().push(new Uint8Array([3, 0xff, 0xff, 0xff, 0xff, 1]))).toEqual([]);
});

test("a stream of items only needs no header and no footer", async () => {
  const writer = streamWriter({ item: z.number() });
  const bytes = Buffer.concat([writer.item(1), writer.item(2)]);
  expect(await collect(streamReader({ item: z.number() }, cut(bytes, [])).items())).toEqual([1, 2]);
});

test("a footer may follow no items at all", async () => {
  const reader = streamReader(types, cut(streamWriter(types).footer({ n: 0 }), []));
  expect(await collect(reader.items())).toEqual([]);
  expect(await reader.footer()).toEqual({ n: 0 });
});

test("the writer keeps the order of a stream", () => {
  const writer = streamWriter(types);
  writer.item({ words: [] });
  expect(() => writer.header({ msg: "late" })).toThrow("The header comes too late.");
  writer.footer({ n: 1 });
  expect(() => writer.item({ words: [] })).toThrow("An item came after the footer.");
});

test.each([
  [
    "a header that is not there",
    [encodeFrame(FRAME.ITEM, '{"words":[]}')],
    "header",
    "does not begin with a header",
  ],
  ["items behind a header", [encodeFrame(FRAME.HEADER, '{"msg":""}')], "items", "begins with a header"],
  ["a footer that is not there", [], "footer", "The stream has no footer."],
  ["an item of another shape", [encodeFrame(FRAME.ITEM, '{"words":[1]}')], "items", "words[0]: "],
  [
    "half a frame",
    [new Uint8Array([3, 0, 0, 0, 9, 1])],
    "items",
    "ended inside a frame: 6 bytes came of 14.",
  ],
  ["bytes without frames", [Buffer.from("hello")], "items", "a frame begins with byte 104"],
] as const)("reading %s fails", async (_, parts, part, message) => {
  const reader = streamReader(types, cut(Buffer.concat(parts), []));
  const read = part === "items" ? collect(reader.items()) : reader[part]();
  await expect(read).rejects.toThrow(expect.objectContaining({ code: "STREAM_FORMAT" }));
  await expect(read).rejects.toThrow(message);
});
