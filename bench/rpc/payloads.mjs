import { NdArray, ndarray } from "@truss-chains/rpc";
import { z } from "zod";

const WORDS = ["naïve", "日本語のテキスト", "Übergröße", "こんにちは世界", "plain words", "😀"];

function textOf(bytes) {
  let text = "";
  for (let word = 0; Buffer.byteLength(text) < bytes; word++) text += `${WORDS[word % WORDS.length]} `;
  return text;
}

const floats = Float32Array.from({ length: 262_144 }, (_, index) => index / 7);

/** What is sent back and forth, with its schema, by kind. */
export const payloads = {
  small: {
    schema: z.object({ text: z.string(), n: z.number(), tags: z.array(z.string()), ok: z.boolean() }),
    value: { text: "x".repeat(130), n: 12.5, tags: ["a", "b", "c"], ok: true },
  },
  objects: {
    schema: z.object({ rows: z.array(z.object({ id: z.number(), name: z.string(), score: z.number() })) }),
    value: {
      rows: Array.from({ length: 2_000 }, (_, id) => ({ id, name: `item number ${id}`, score: id / 4 })),
    },
  },
  text: { schema: z.object({ text: z.string() }), value: { text: textOf(100_000) } },
  binary: {
    schema: z.object({ vector: ndarray("float32", [null]) }),
    value: { vector: NdArray.from(floats) },
    useBinary: true,
  },
  numbers: { schema: z.object({ vector: z.array(z.number()) }), value: { vector: [...floats] } },
};

export const STREAM_ITEMS = 100_000;
export const streamItem = (n) => `item number ${n}`;
