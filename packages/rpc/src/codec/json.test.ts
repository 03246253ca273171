import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJson, encodeJson } from "./json.ts";
import { NdArray } from "./nd-array.ts";
import { Decimal } from "./values.ts";

const decodeText = (text: string) => decodeJson(Buffer.from(text));

test("every JSON value comes back as it was sent", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // JSON has no -0.
      const sent = JSON.parse(JSON.stringify(value));
      expect(decodeText(encodeJson(sent))).toEqual(sent);
    }),
  );
});

test("members that are undefined are left out, and nothing at all is null", () => {
  expect(encodeJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  expect(encodeJson(undefined)).toBe("null");
});

test.each([
  ["a function", { f() {} }, "`f` is a function, which cannot be sent."],
  ["a symbol", Symbol("x"), "The value is a symbol, which cannot be sent."],
  ["a bigint", { a: { b: 1n } }, "`a.b` is the bigint 1, which cannot be sent."],
  ["NaN", [[Number.NaN]], "`[0][0]` is NaN, which cannot be sent."],
  ["infinity", { score: -Infinity }, "`score` is -Infinity, which cannot be sent."],
  ["a Date", { at: new Date(0) }, "`at` is a Date, which cannot be sent."],
  ["a Map", { m: new Map() }, "`m` is a Map, which cannot be sent."],
  ["a Set", { s: new Set() }, "`s` is a Set, which cannot be sent."],
  ["bytes", { raw: Buffer.from("x") }, "`raw` is bytes, which cannot be sent."],
  ["a typed array", { v: new Float32Array(1) }, "`v` is a Float32Array, which cannot be sent."],
  ["undefined in a list", [1, undefined], "`[1]` is undefined inside an array, which cannot be sent."],
  [
    "a hole in a list",
    { list: new Array(1) },
    "`list[0]` is undefined inside an array, which cannot be sent.",
  ],
  ["an own toJSON", { x: { toJSON: () => 1 } }, "`x.toJSON` is a function, which cannot be sent."],
  ["a class with toJSON", { u: new URL("http://a") }, "`u` is an instance of URL, which cannot be sent."],
])("%s is refused by its path", (_, value, message) => {
  expect(() => encodeJson(value)).toThrow(
    expect.objectContaining({ code: "VALUE_NOT_SERIALIZABLE", message }),
  );
});

test("a value that contains itself is refused", () => {
  const loop: unknown[] = [];
  loop.push({ loop });
  expect(() => encodeJson(loop)).toThrow(/contains itself/);
});

test("objects without a prototype are plain", () => {
  expect(encodeJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
});

test("an array travels as the Python package's NumpyArrayField", () => {
  const matrix = new NdArray("int64", [2, 2], new BigInt64Array([0n, 1n, 2n, 3n]));
  const text = encodeJson({ matrix });
  expect(text).toBe(
    '{"matrix":{"data_b64":"AAAAAAAAAAABAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAA=","shape":[2,2],"dtype":"int64"}}',
  );
  expect(decodeText(text)).toEqual({ matrix });
});

test("strings and big-endian numbers are read from their codes", () => {
  expect(encodeJson(new NdArray("str", [1], ["hé"]))).toContain('"dtype":"<U2"');
  const big = '{"data_b64":"AAAAAQ==","shape":[],"dtype":">i4"}';
  expect(decodeText(big)).toEqual(new NdArray("int32", [], new Int32Array([1])));
});

test("an array whose data does not fit its shape is refused", () => {
  expect(() => decodeText('{"data_b64":"AAAA","shape":[1],"dtype":"float32"}')).toThrow(
    "An array of dtype float32 and shape [1] needs 4 bytes, but 3 came.",
  );
});

test.each([
  ["items that take no bytes", [2_000_000_000], "<U0", "has items without bytes."],
  ["one such item", [], "<U0", "has items without bytes."],
  ["more items than can be counted", [2 ** 53 - 1], "<U0", "has items without bytes."],
  [
    "a shape beyond all numbers",
    new Array(30).fill(2 ** 53 - 1),
    "uint8",
    "needs Infinity bytes, but 0 came.",
  ],
  [
    "such a shape without items",
    [...new Array(30).fill(2 ** 53 - 1), 0],
    "uint8",
    "needs NaN bytes, but 0 came.",
  ],
  ["items beyond all numbers", [0], `<U${"9".repeat(400)}`, "needs NaN bytes, but 0 came."],
])("an array with %s is refused before anything is allocated for it", (_, shape, dtype, why) => {
  expect(() => decodeText(JSON.stringify({ a: { data_b64: "", shape, dtype } }))).toThrow(
    expect.objectContaining({ code: "BODY_INVALID", message: expect.stringContaining(why) }),
  );
});

test("whatever dtype and shape say, an array holds what came, or is refused", () => {
  const length = fc.oneof(fc.nat(4), fc.constantFrom(2 ** 31, 2 ** 53 - 1));
  const dtype = fc.constantFrom("uint8", ">i4", "<c16", "<U0", "<U1", "<U2", "<U99999999999999999999");
  fc.assert(
    fc.property(fc.uint8Array(), fc.array(length), dtype, (data, shape, code) => {
      const data_b64 = Buffer.from(data).toString("base64");
      try {
        const array = decodeText(JSON.stringify({ data_b64, shape, dtype: code })) as NdArray;
        expect(array.size).toBeLessThanOrEqual(data.length);
      } catch (error) {
        expect(error).toMatchObject({ code: "BODY_INVALID" });
      }
    }),
  );
});

test("an object that merely has such members is left alone", () => {
  const value = { data_b64: "AA==", shape: [1], dtype: "uint8", extra: 1 };
  expect(decodeText(JSON.stringify(value))).toEqual(value);
});

test("other wire values are their text", () => {
  expect(encodeJson([new Decimal("1.10")])).toBe('["1.10"]');
});

test("bytes that are not UTF-8 are refused, not repaired", () => {
  expect(() => decodeJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow("The body is not valid UTF-8.");
});

test("a byte order mark before JSON is passed over, once", () => {
  expect(decodeText('\ufeff{"a":"\ufeff"}')).toEqual({ a: "\ufeff" });
  expect(decodeJson(new TextEncoder().encode("\ufeff1"))).toBe(1);
  expect(() => decodeText("\ufeff\ufeff1")).toThrow(/not valid JSON/);
  expect(() => decodeText("\ufeff")).toThrow("The body is not valid JSON: it is empty.");
});

test("broken JSON says why", () => {
  expect(() => decodeText("")).toThrow("The body is not valid JSON: it is empty.");
  expect(() => decodeText("{")).toThrow(/^The body is not valid JSON: /);
});
