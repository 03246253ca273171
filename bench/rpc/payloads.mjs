const WORDS = ["naïve", "日本語のテキスト", "Übergröße", "こんにちは世界", "plain words", "😀"];

function textOf(bytes) {
  let text = "";
  for (let word = 0; Buffer.byteLength(text) < bytes; word++) text += `${WORDS[word % WORDS.length]} `;
  return text;
}

/** What is sent back and forth, by kind. Made when it is needed: what lies about in memory makes collections longer. */
export const payloads = {
  small: () => ({ text: "x".repeat(130), n: 12.5, tags: ["a", "b", "c"], ok: true }),
  objects: () => ({
    rows: Array.from({ length: 2_000 }, (_, id) => ({ id, name: `item number ${id}`, score: id / 4 })),
  }),
  text: () => ({ text: textOf(100_000) }),
  floats: () => Float32Array.from({ length: 262_144 }, (_, index) => index / 7),
};

export const STREAM_ITEMS = 100_000;
export const streamItem = (n) => `item number ${n}`;
