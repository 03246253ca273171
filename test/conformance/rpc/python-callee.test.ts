import type { DependencyDescriptor, Remote } from "@truss-chains/core";
import {
  Complex,
  createHttpTransport,
  createStub,
  Decimal,
  Duration,
  HttpError,
  NdArray,
  PlainDate,
  PlainTime,
  RemoteError,
  StubBase,
  type Transport,
  Uuid,
} from "@truss-chains/rpc";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PythonPeer, python } from "./peer.ts";

describe.skipIf(!python)("our stubs call the Python server", () => {
  let peer: PythonPeer;
  const transports: Transport[] = [];

  beforeAll(async () => {
    peer = await PythonPeer.start();
  });

  afterAll(async () => {
    for (const transport of transports) await transport.close();
    await peer.stop();
  });

  async function failureOf(input: unknown): Promise<unknown> {
    try {
      return await stubTo("/raise").runRemote(input);
    } catch (thrown) {
      return thrown;
    }
  }

  function stubTo(path: string, { useBinary = false, item }: { useBinary?: boolean; item?: z.ZodType } = {}) {
    const dependency: DependencyDescriptor = {
      name: "Peer",
      displayName: "Peer",
      kind: "truss",
      endpoint: item ? "stream" : "unary",
      takesInput: true,
      schemas: { output: undefined, item },
      contract: undefined,
    };
    const transport = createHttpTransport({ url: peer.url + path, apiKey: "key" });
    transports.push(transport);
    const options = { retries: 1, timeoutSec: 30, useBinary, concurrencyLimit: 8 };
    return createStub(dependency, { transport, options }) as unknown as Remote<{
      runRemote(input: unknown): any;
    }> & {
      runRemote(input: unknown): Promise<any> & AsyncIterable<any>;
    };
  }

  test("JSON comes back as it was sent", async () => {
    const echo = stubTo("/echo");
    // JavaScript and Python print some numbers differently, which is no matter; -0 has no form in JSON.
    const value = fc
      .dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue())
      .map((sent) => JSON.parse(JSON.stringify(sent)));
    await fc.assert(
      fc.asyncProperty(value, async (sent) => {
        expect(await echo.runRemote(sent)).toEqual(sent);
      }),
      { numRuns: 200 },
    );
  });

  test("binary messages come back as they were sent", async () => {
    const echo = stubTo("/echo", { useBinary: true });
    const text = fc.string({ unit: "grapheme" });
    const scalar = fc.oneof(
      text,
      fc.maxSafeInteger(),
      fc.double({ noNaN: true }).filter((value) => !Object.is(value, -0)),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
      fc.date({ noInvalidDate: true, min: new Date("0001-01-02"), max: new Date("9999-12-30") }),
      fc.float32Array({ noNaN: true }).map((data) => NdArray.from(data)),
      fc.int16Array({ minLength: 6, maxLength: 6 }).map((data) => NdArray.from(data, [2, 3])),
      fc
        .array(fc.string({ unit: "grapheme-ascii", minLength: 1 }), { minLength: 1 })
        .map((data) => new NdArray("str", [data.length], data)),
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        scalar,
        fc.array(tie("value")),
        fc.dictionary(text, tie("value")),
      ),
    })).value;
    await fc.assert(
      fc.asyncProperty(value, async (sent) => {
        expect(await echo.runRemote({ sent })).toEqual({ sent });
      }),
      { numRuns: 200 },
    );
  });

  test("every type of ours is one of Python's", async () => {
    const described = await stubTo("/describe", { useBinary: true }).runRemote({
      array: new NdArray("int32", [2, 2], new Int32Array([1, 2, 3, 4])),
      flags: new NdArray("bool", [2], new Uint8Array([1, 0])),
      complexArray: new NdArray("complex64", [1], new Float32Array([1, 2])),
      bytes: new Uint8Array([0, 255]),
      datetime: new Date("2020-01-02T03:04:05.678Z"),
      date: new PlainDate("2020-01-02"),
      time: new PlainTime("03:04:05"),
      span: new Duration(1, 2, 3),
      decimal: new Decimal("1.10"),
      uuid: new Uuid("00000000-0000-0000-0000-000000000001"),
      complex: new Complex("(1+2j)"),
      big: 2n ** 63n,
    });
    expect(described).toEqual({
      array: "ndarray int32 array([[1, 2],\n       [3, 4]], dtype=int32)",
      flags: "ndarray bool array([ True, False])",
      complexArray: "ndarray complex64 array([1.+2.j], dtype=complex64)",
      bytes: "bytes  b'\\x00\\xff'",
      datetime: "datetime  datetime.datetime(2020, 1, 2, 3, 4, 5, 678000, tzinfo=datetime.timezone.utc)",
      date: "date  datetime.date(2020, 1, 2)",
      time: "time  datetime.time(3, 4, 5)",
      span: "timedelta  datetime.timedelta(days=1, seconds=2, microseconds=3)",
      decimal: "Decimal  Decimal('1.10')",
      uuid: "UUID  UUID('00000000-0000-0000-0000-000000000001')",
      complex: "complex  (1+2j)",
      big: "int  9223372036854775808",
    });
  });

  test("an error is a RemoteError with Python's class, message and lines", async () => {
    const error = await failureOf({ kind: "value", message: "This input is too long: 100." });
    expect(error).toBeInstanceOf(RemoteError);
    expect((error as RemoteError).remote).toMatchObject({
      exception_cls_name: "ValueError",
      exception_module_name: null,
      exception_message: "This input is too long: 100.",
      user_stack_trace: expect.arrayContaining([expect.objectContaining({ name: "validate" })]),
    });
  });

  test("an HTTPException is an HttpError with its status", async () => {
    const error = await failureOf({ kind: "http", message: "unprocessable" });
    expect(error).toBeInstanceOf(HttpError);
    expect(error).toMatchObject({ status: 422 });
  });

  test("a model that is not ready answers with a text", async () => {
    await expect(stubTo("/unready").runRemote({})).rejects.toThrow(
      /HTTP status=503.*'Model with name model is not ready\.'/s,
    );
  });

  test("Python sees the headers that its own stubs send", async () => {
    expect(await stubTo("/headers").runRemote({})).toMatchObject({
      authorization: "Api-Key key",
      "content-type": "application/json",
      traceparent: expect.stringMatching(/^00-/),
    });
  });

  test("a stream of text arrives with its characters whole", async () => {
    let text = "";
    const parts = ["añ", "", "日本語", "😀".repeat(5000)];
    for await (const part of stubTo("/stream", { item: z.string() }).runRemote({ parts })) text += part;
    expect(text).toBe(parts.join(""));
  });

  test("a framed stream arrives item by item", async () => {
    const items: unknown[] = [];
    const stub = stubTo("/framed", { item: z.object({ n: z.number(), text: z.string() }) });
    for await (const item of stub.runRemote({ count: 300 })) items.push(item);
    expect(items).toEqual(Array.from({ length: 300 }, (_, n) => ({ n, text: "ü".repeat(n) })));
  });

  test("StubBase calls a deployed model, and reads its stream as bytes", async () => {
    class Deployed extends StubBase {}
    const echo = Deployed.fromUrl(`${peer.url}/echo`, "key");
    expect(await echo.predict({ a: 1 }, { output: z.object({ a: z.number() }) })).toEqual({ a: 1 });
    const stream = Deployed.fromUrl(`${peer.url}/stream`, "key");
    const pieces: Uint8Array[] = [];
    for await (const piece of stream.predictStream({ parts: ["x", "é"] })) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe("xé");
    await Promise.all([echo.close(), stream.close()]);
  });
});
