import { ChainsError } from "@truss-chains/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMsgpack } from "./msgpack-decode.ts";
import { encodeMsgpack } from "./msgpack-encode.ts";
import { NdArray } from "./nd-array.ts";
import { Complex, Decimal, Duration, PlainDate, PlainTime, Uuid } from "./values.ts";

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");

// What msgpack 1.1.0 with msgpack-numpy 0.4.8 writes.
const BOTH_WAYS: readonly (readonly [string, unknown, string])[] = [
  ["an empty map", {}, "80"],
  ["a small message", { x: 1, items: [], opt: null }, "83a17801a56974656d7390a36f7074c0"],
  ["a list of scalars", [1, "a", null, true, 1.5], "9501a161c0c3cb3ff8000000000000"],
  ["bytes", { b: new Uint8Array([0, 1]) }, "81a162c4020001"],
  [
    "an int32 matrix",
    new NdArray("int32", [2, 2], new Int32Array([1, 2, 3, 4])),
    "85c4026e64c3c40474797065a33c6934c4046b696e64c400c4057368617065920202c40464617461c41001000000020000000300000004000000",
  ],
  [
    "a float64 without dimensions",
    new NdArray("float64", [], new Float64Array([1.5])),
    "85c4026e64c3c40474797065a33c6638c4046b696e64c400c405736861706590c40464617461c408000000000000f83f",
  ],
  [
    "booleans",
    new NdArray("bool", [2], new Uint8Array([1, 0])),
    "85c4026e64c3c40474797065a37c6231c4046b696e64c400c40573686170659102c40464617461c4020100",
  ],
  [
    "an array without items",
    new NdArray("uint8", [0, 3], new Uint8Array(0)),
    "85c4026e64c3c40474797065a37c7531c4046b696e64c400c4057368617065920003c40464617461c400",
  ],
  [
    "strings",
    new NdArray("str", [2], ["ab", "c"]),
    "85c4026e64c3c40474797065a33c5532c4046b696e64c400c40573686170659102c40464617461c41061000000620000006300000000000000",
  ],
  [
    "an int64 matrix inside a map",
    { a: new NdArray("int64", [2, 2], new BigInt64Array([0n, 1n, 2n, 3n])) },
    "81a16185c4026e64c3c40474797065a33c6938c4046b696e64c400c4057368617065920202c40464617461c4200000000000000000010000000000000002000000000000000300000000000000",
  ],
  ["a complex number", new Complex("(1+2j)"), "82c407636f6d706c6578c3c40464617461a628312b326a29"],
  [
    "a date and time",
    new Date("2020-01-02T03:04:05Z"),
    "82c4135f5f64745f6461746574696d655f69736f5f5fc3c40464617461b4323032302d30312d30325430333a30343a30355a",
  ],
  [
    "a date",
    new PlainDate("2020-01-02"),
    "82c40f5f5f64745f646174655f69736f5f5fc3c40464617461aa323032302d30312d3032",
  ],
  [
    "a time",
    new PlainTime("03:04:05"),
    "82c40f5f5f64745f74696d655f69736f5f5fc3c40464617461a830333a30343a3035",
  ],
  ["a span of time", new Duration(1, 2, 3), "82c4105f5f64745f74696d6564656c74615f5fc3c4046461746193010203"],
  ["a decimal", new Decimal("1.10"), "82c40b5f5f646563696d616c5f5fc3c40464617461a4312e3130"],
  [
    "a UUID",
    new Uuid("00000000-0000-0000-0000-000000000001"),
    "82c4085f5f757569645f5fc3c40464617461d92430303030303030302d303030302d303030302d303030302d303030303030303030303031",
  ],
];

describe("bodies are byte for byte what Python writes", () => {
  test.each(BOTH_WAYS)("%s", (_, value, encoded) => {
    expect(hex(encodeMsgpack(value))).toBe(encoded);
    expect(decodeMsgpack(bytes(encoded))).toEqual(value);
  });

  test.each([
    ["np.int64(5)", 5, "83c4026e64c2c40474797065a33c6938c40464617461c4080500000000000000"],
    ["np.float32(1.5)", 1.5, "83c4026e64c2c40474797065a33c6634c40464617461c4040000c03f"],
    ["np.bool_(true)", true, "83c4026e64c2c40474797065a37c6231c40464617461c40101"],
  ])("the numpy scalar %s is read as a plain value", (_, value, encoded) => {
    expect(decodeMsgpack(bytes(encoded))).toBe(value);
  });
});

const scalar = fc.oneof(
  fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
  fc.maxSafeInteger(),
  fc.double().filter((value) => !Object.is(value, -0)),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
  fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") }),
);
const message = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value")),
    fc.dictionary(fc.string(), tie("value")),
  ),
})).value;

test("every message comes back as it was sent", () => {
  fc.assert(
    fc.property(message, (value) => {
      expect(decodeMsgpack(encodeMsgpack(value))).toEqual(value);
    }),
  );
});

test("arrays come back as they were sent, wherever in the body they lie", () => {
  const float32 = fc.float32Array({ noNaN: true }).map((data) => NdArray.from(data));
  fc.assert(
    fc.property(fc.string(), float32, (before, array) => {
      expect(decodeMsgpack(encodeMsgpack({ before, array }))).toEqual({ before, array });
    }),
  );
});

test("no bytes, however broken, do anything but decode or raise BODY_INVALID", () => {
  const mutilated = fc.tuple(message, fc.nat(), fc.nat(255), fc.nat()).map(([value, at, byte, cut]) => {
    const encoded = encodeMsgpack(value);
    encoded[at % encoded.length] = byte;
    return encoded.subarray(0, 1 + (cut % encoded.length));
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), mutilated), (input) => {
      try {
        decodeMsgpack(input);
      } catch (error) {
        expect(error).toBeInstanceOf(ChainsError);
        expect((error as ChainsError).code).toBe("BODY_INVALID");
      }
    }),
  );
});

test("an aligned array is a view of the body, not a copy", () => {
  const encoded = encodeMsgpack(NdArray.from(new Float32Array(4)));
  const headerBytes = encoded.length - 16;
  const body = new Uint8Array(
    new ArrayBuffer(encoded.length + 8),
    (4 - (headerBytes % 4)) % 4,
    encoded.length,
  );
  body.set(encoded);
  const array = decodeMsgpack(body) as NdArray<"float32">;
  expect(array.data.buffer).toBe(body.buffer);
});

test("big-endian arrays are turned around", () => {
  const encoded = Buffer.from(encodeMsgpack(new NdArray("int32", [1], new Int32Array([1]))));
  encoded.write(">", encoded.indexOf("<i4"));
  expect(decodeMsgpack(encoded)).toEqual(new NdArray("int32", [1], new Int32Array([0x01000000])));
});

test("pickled objects are refused", () => {
  const encoded = encodeMsgpack(new NdArray("str", [1], ["x"]));
  const at = Buffer.from(encoded).indexOf("kind") + 4;
  const pickled = new Uint8Array([...encoded.subarray(0, at), 0xc4, 1, 0x4f, ...encoded.subarray(at + 2)]);
  expect(() => decodeMsgpack(pickled)).toThrow(/pickled Python objects/);
});

test("a length that lies allocates nothing", () => {
  expect(() => decodeMsgpack(bytes("ddffffffff"))).toThrow(
    "The body is not valid msgpack: it ends too early.",
  );
});

test("lengths that lie, one inside the other, allocate nothing either", () => {
  const body = Buffer.alloc(4_000_000);
  const levels = 400;
  for (let level = 0; level < levels; level++) {
    body[level * 5] = level % 2 ? 0xdd : 0xdf;
    body.writeUInt32BE(Math.floor((body.length - 5 * levels) / 2), level * 5 + 1);
  }
  const before = process.memoryUsage().heapUsed;
  expect(() => decodeMsgpack(body)).toThrow("it ends too early");
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10 * body.length);
});

test("a marker without data stays a map", () => {
  expect(decodeMsgpack(bytes("81c4026e64c3"))).toEqual({ nd: true });
});

test("a key named __proto__ is an ordinary member", () => {
  const decoded = decodeMsgpack(bytes("81a95f5f70726f746f5f5f80")) as object;
  expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
  expect(Object.keys(decoded)).toEqual(["__proto__"]);
});

test.each([
  ["a function", { a: [1, () => 1] }, "`a[1]` is a function, which cannot be sent."],
  ["undefined in a list", { a: [undefined] }, "`a[0]` is undefined inside an array, which cannot be sent."],
  ["a Map", { rows: new Map() }, "`rows` is a Map, which cannot be sent."],
  ["a class", { user: new (class User {})() }, "`user` is an instance of User, which cannot be sent."],
  ["a wide integer", [2n ** 64n], "`[0]` is an integer of more than 64 bits, which cannot be sent."],
  [
    "half a character",
    { text: "\ud800" },
    "`text` is a string with half of a surrogate pair, which cannot be sent.",
  ],
  [
    "half a character in a key",
    { texts: { "\ud800": 1 } },
    "`texts` is an object with half of a surrogate pair in a key, which cannot be sent.",
  ],
  [
    "a year of six digits",
    { at: new Date("+010000-01-01T00:00:00Z") },
    "`at` is a Date outside of the years 1 to 9999, which cannot be sent.",
  ],
  [
    "the year 0",
    { at: new Date("0000-12-31T23:59:59Z") },
    "`at` is a Date outside of the years 1 to 9999, which cannot be sent.",
  ],
])("%s is refused by its path", (_, value, message) => {
  expect(() => encodeMsgpack(value)).toThrow(
    expect.objectContaining({ code: "VALUE_NOT_SERIALIZABLE", message }),
  );
});

test.each([
  ["an object", "8182a8746f537472696e6701a776616c75654f6601c0"],
  ["a list", "819101c0"],
  ["a number", "8101c0"],
])("%s as the key of a map is refused", (_, encoded) => {
  expect(() => decodeMsgpack(bytes(encoded))).toThrow(
    expect.objectContaining({
      code: "BODY_INVALID",
      message: expect.stringMatching(/: keys are strings\.$/),
    }),
  );
});

test("a span of time longer than any of Python's is refused", () => {
  expect(() =>
    decodeMsgpack(bytes("82c4105f5f64745f74696d6564656c74615f5fc3c4046461746193ce3b9aca000000")),
  ).toThrow(expect.objectContaining({ code: "BODY_INVALID" }));
});

test("a value that contains itself is refused", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  expect(() => encodeMsgpack(loop)).toThrow(/contains itself/);
});

test("a getter that encodes something itself does not spoil the message around it", () => {
  const sneaky = {
    before: "a",
    get inner() {
      return encodeMsgpack({ x: "y".repeat(40) });
    },
  };
  const decoded = decodeMsgpack(encodeMsgpack(sneaky)) as { before: string; inner: Uint8Array };
  expect(decoded.before).toBe("a");
  expect(decodeMsgpack(decoded.inner)).toEqual({ x: "y".repeat(40) });
});
