import { ChainsError } from "@truss-chains/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { jsonCodec, msgpackCodec } from "../codec/codec.ts";
import { NdArray } from "../codec/nd-array.ts";
import { toErrorBody } from "../errors/error-body.ts";
import { HttpError } from "../errors/http-error.ts";
import { decodeStream } from "./decode-stream.ts";
import { encodeStream } from "./encode-stream.ts";
import { encodeFrame, FRAME } from "./frame.ts";
import { isItemFormat, STREAM_HEADER } from "./stream-header.ts";
import { streamReader } from "./stream-reader.ts";
import { decodeText } from "./text.ts";

const OURS = { [STREAM_HEADER]: "1" };
const PYTHON = {};

async function* generate(items: Iterable<unknown>, failure?: Error) {
  yield* items;
  if (failure) throw failure;
}

async function collect<T>(items: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of items) into.push(item);
  return into;
}

function send(items: AsyncIterable<unknown>, requestHeaders: Record<string, string>, codec = jsonCodec) {
  return encodeStream(items, { requestHeaders, codec, onError: (error) => toErrorBody(error) });
}

/** What a caller of ours reads. */
async function receive({ headers, body }: Awaited<ReturnType<typeof send>>, into?: unknown[]) {
  const format = headers[STREAM_HEADER];
  if (!isItemFormat(format)) throw new Error(`not framed: ${format}`);
  const items = into ?? [];
  for await (const batch of decodeStream(body, { format, dependency: "Tokens", traceparent: "TID" }))
    items.push(...batch);
  return items;
}

test("a stream is of what its schema makes of the items, for Python too", async () => {
  const items = generate([new Date(0), new Date(1)]);
  const validate = (item: unknown) =>
    z
      .date()
      .transform((date) => `${date.getTime()};`)
      .parse(item);
  const { headers, body } = await encodeStream(items, {
    requestHeaders: PYTHON,
    codec: jsonCodec,
    validate,
    onError: toErrorBody,
  });
  expect(headers).not.toHaveProperty(STREAM_HEADER);
  expect(Buffer.concat(await collect(body)).toString()).toBe("0;1;");
});

describe("between our chainlets", () => {
  test.each([
    ["strings", ["a", "", "bc"]],
    ["bytes", [new Uint8Array([1, 2]), new Uint8Array(0)]],
    ["objects", [{ a: 1 }, { b: [null] }]],
    ["nothing", []],
  ])("%s arrive item by item", async (_, items) => {
    expect(await receive(await send(generate(items), OURS))).toEqual(items);
  });

  test("in binary mode items keep their types", async () => {
    const items = [{ vector: NdArray.from(new Float32Array([1, 2])) }, { at: new Date(0) }];
    expect(await receive(await send(generate(items), OURS, msgpackCodec))).toEqual(items);
  });

  test("a failure before the first item is that of a plain call", async () => {
    await expect(send(generate([], new Error("no model")), OURS)).rejects.toThrow("no model");
  });

  test("a failure after items arrives as an error, with its class", async () => {
    const got: unknown[] = [];
    const failing = receive(await send(generate(["a", "b"], new HttpError(402, "No credit.")), OURS), got);
    await expect(failing).rejects.toThrow(expect.objectContaining({ code: "HTTP_ERROR", status: 402 }));
    expect(got).toEqual(["a", "b"]);
  });

  test("a stream that stops short is not taken for a complete one", async () => {
    const { headers, body } = await send(generate(["a", "b"]), OURS);
    const whole = Buffer.concat(await collect(body));
    async function* first(bytes: number) {
      yield whole.subarray(0, bytes);
    }
    for (let bytes = 0; bytes < whole.length; bytes++) {
      await expect(receive({ headers, body: first(bytes) })).rejects.toBeInstanceOf(ChainsError);
    }
  });

  test("half a character at the very end is an item of its own", async () => {
    expect(await receive(await send(generate(["a\ud83d"]), OURS))).toEqual(["a", "\ufffd"]);
    const got: unknown[] = [];
    const failing = receive(await send(generate(["a\ud83d"], new HttpError(402, "No credit.")), OURS), got);
    await expect(failing).rejects.toThrow(expect.objectContaining({ status: 402 }));
    expect(got).toEqual(["a", "\ufffd"]);
  });

  test("an item that is refused is not counted", async () => {
    const { body } = await send(generate([{ n: 1 }, { n: 1n }]), OURS);
    const reader = streamReader({ item: z.unknown(), footer: z.object({ items: z.number() }) }, body);
    expect(await collect(reader.items())).toEqual([{ n: 1 }]);
    expect(await reader.footer()).toEqual({ items: 1 });
  });

  test.each([
    ["an item that is cut off", [FRAME.ITEM, "{"], "RESPONSE_INVALID", /^An item of Tokens cannot be read\./],
    [
      "a footer that is no object",
      [FRAME.FOOTER, "null"],
      "STREAM_FORMAT",
      /does not say how many items it has/,
    ],
    ["a footer that is no JSON", [FRAME.FOOTER, "{"], "STREAM_FORMAT", /^The footer of the stream of Tokens/],
    ["a wrong count", [FRAME.FOOTER, '{"items":2}'], "STREAM_FORMAT", /says it has 2 items, but 0 came/],
  ] as const)("%s is the callee's fault", async (_, [kind, payload], code, message) => {
    async function* body() {
      yield encodeFrame(kind, payload);
    }
    const error = await receive({ headers: { [STREAM_HEADER]: "json" }, body: body() }).catch((e) => e);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(toErrorBody(error)).toMatchObject({ status: 500, headers: { "x-baseten-error-code": "600" } });
  });

  test.each([200, 777, "500", null])("a failure with the status %s is one of status 500", async (status) => {
    async function* body() {
      const footer = { items: 0, status, error: "x", chains: { code: "HTTP_ERROR" } };
      yield encodeFrame(FRAME.FOOTER, JSON.stringify(footer));
    }
    const reading = receive({ headers: { [STREAM_HEADER]: "json" }, body: body() });
    await expect(reading).rejects.toThrow(expect.objectContaining({ code: "HTTP_ERROR", status: 500 }));
  });

  test("halves of a character that were yielded apart arrive whole", async () => {
    const items = await receive(await send(generate(["a\ud83d", "\ude00b"]), OURS));
    expect(items).toEqual(["a", "😀b"]);
  });
});

describe("to Python callers", () => {
  test("strings are sent as they are, and every piece decodes for itself", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: 5 }),
        async (text, size) => {
          const halves = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
          const { headers, body } = await send(generate(halves), PYTHON);
          expect(headers).toEqual({ "content-type": "application/octet-stream" });
          const strict = new TextDecoder("utf-8", { fatal: true });
          const pieces = await collect(body);
          expect(pieces.map((piece) => strict.decode(piece)).join("")).toBe(text);
        },
      ),
    );
  });

  test("objects come in the frames that a stream reader understands", async () => {
    const { body } = await send(generate([{ n: 1 }, { n: 2 }]), PYTHON, msgpackCodec);
    const reader = streamReader(
      { item: z.object({ n: z.number() }), footer: z.object({ items: z.number() }) },
      body,
    );
    expect(await collect(reader.items())).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await reader.footer()).toEqual({ items: 2 });
  });

  test("a failure in a raw stream ends it, as in Python", async () => {
    const { body } = await send(generate(["a"], new Error("late")), PYTHON);
    expect(Buffer.concat(await collect(body)).toString()).toBe("a");
  });
});

describe("a stream reader", () => {
  function source() {
    let left = false;
    async function* frames() {
      try {
        yield encodeFrame(FRAME.HEADER, '"h"');
        for (;;) yield encodeFrame(FRAME.ITEM, "1");
      } finally {
        left = true;
      }
    }
    return { bytes: frames(), isLeft: () => left };
  }

  test("that is left early lets go of the stream", async () => {
    const { bytes, isLeft } = source();
    const reader = streamReader({ header: z.string(), item: z.number() }, bytes);
    await reader.header();
    for await (const _ of reader.items()) break;
    expect(isLeft()).toBe(true);
  });

  test("that meets an item that does not fit lets go of the stream", async () => {
    const { bytes, isLeft } = source();
    const reader = streamReader({ header: z.string(), item: z.string() }, bytes);
    await reader.header();
    await expect(collect(reader.items())).rejects.toThrow(expect.objectContaining({ code: "STREAM_FORMAT" }));
    expect(isLeft()).toBe(true);
  });

  test("that finds no header lets go of the stream", async () => {
    const { bytes, isLeft } = source();
    const reader = streamReader({ header: z.number(), item: z.number() }, bytes);
    await expect(reader.header()).rejects.toThrow(expect.objectContaining({ code: "STREAM_FORMAT" }));
    expect(isLeft()).toBe(true);
  });

  test("blames the stream for an item that is no JSON", async () => {
    async function* bytes() {
      yield encodeFrame(FRAME.ITEM, "{");
    }
    const reading = collect(streamReader({ item: z.unknown() }, bytes()).items());
    await expect(reading).rejects.toThrow(expect.objectContaining({ code: "STREAM_FORMAT" }));
  });
});

test.each([
  ["does not fit", [{ n: "one" }]],
  ["cannot travel", [{ n: new Date() }]],
])("a first item that %s fails before anything is answered, and ends the generator", async (_, items) => {
  let ended = false;
  async function* failing() {
    try {
      yield* items;
    } finally {
      ended = true;
    }
  }
  const validate = (item: unknown) => {
    if (typeof (item as { n: unknown }).n === "string") throw new Error("n is a string");
    return item;
  };
  const options = { requestHeaders: OURS, codec: jsonCodec, validate, onError: toErrorBody };
  await expect(encodeStream(failing(), options)).rejects.toThrow();
  expect(ended).toBe(true);
});

test("items of different kinds are refused", async () => {
  const mixed = receive(await send(generate(["a", { b: 1 }]), OURS));
  await expect(mixed).rejects.toThrow(/A stream of text yielded object/);
});

test("many small items travel together", async () => {
  const { body } = await send(generate(Array.from({ length: 10_000 }, (_, n) => `item ${n}`)), OURS);
  expect((await collect(body)).length).toBeLessThan(20);
});

test("the generator runs no further ahead than one batch", async () => {
  let produced = 0;
  async function* endless() {
    for (;;) {
      produced += 1024;
      yield "x".repeat(1024);
    }
  }
  const { body } = await send(endless(), OURS);
  await body.next();
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  expect(produced).toBeLessThan(128 * 1024);
  await body.return?.();
});

test("a caller that goes away ends the generator", async () => {
  let cleaned = false;
  async function* items() {
    try {
      for (;;) yield "x";
    } finally {
      cleaned = true;
    }
  }
  const { body } = await send(items(), OURS);
  for await (const _ of body) break;
  expect(cleaned).toBe(true);
});

test("text is decoded whole wherever the network splits it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.array(fc.nat(3)), async (text, sizes) => {
      async function* pieces() {
        const bytes = Buffer.from(text);
        let at = 0;
        for (const size of sizes) {
          yield bytes.subarray(at, at + size);
          at += size;
        }
        yield bytes.subarray(at);
      }
      expect((await collect(decodeText(pieces()))).join("")).toBe(text);
    }),
  );
});
