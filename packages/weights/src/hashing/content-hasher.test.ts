import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONTENT_HASHES } from "../sources/fetcher.ts";
import { contentHasher } from "./content-hasher.ts";

// Check values of the CRC catalogue for "123456789".
test.each([
  ["crc32c", "e3069283"],
  ["crc32", "cbf43926"],
  ["crc64nvme", "ae8b14860a799888"],
  ["md5", "25f9e794323b453885f5181f1b624d0b"],
  ["sha1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
  ["sha256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
] as const)("%s of 123456789", (kind, expected) => {
  const hasher = contentHasher(kind, 9);
  hasher.update(Buffer.from("123456789"));
  expect(hasher.digest()).toBe(expected);
});

test("a git blob has the id that git gives it", () => {
  const empty = contentHasher("git-sha1", 0);
  expect(empty.digest()).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  const hello = contentHasher("git-sha1", 6);
  hello.update(Buffer.from("hello\n"));
  expect(hello.digest()).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
});

describe.each(CONTENT_HASHES)("%s", (kind) => {
  test("is the same however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(200)), (bytes, cuts) => {
        const whole = contentHasher(kind, bytes.length);
        whole.update(bytes);
        const pieces = contentHasher(kind, bytes.length);
        let from = 0;
        for (const end of [...cuts.sort((a, b) => a - b), bytes.length]) {
          pieces.update(bytes.subarray(from, end));
          from = Math.max(from, end);
        }
        return whole.digest() === pieces.digest();
      }),
    );
  });
});
