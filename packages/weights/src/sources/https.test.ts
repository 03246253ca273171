import { expect, test } from "vitest";
import { offeredHashes } from "./https.ts";

const hex = "ab".repeat(32);
const base64 = (value: string) => Buffer.from(value, "hex").toString("base64");

test("hashes of the whole content are taken from wherever a server writes them", () => {
  expect(offeredHashes({ "repr-digest": `unixsum=:Zm9v:, sha-256=:${base64(hex)}:` })).toEqual([
    { kind: "sha256", value: hex },
  ]);
  expect(
    offeredHashes({ "x-goog-hash": `crc32c=${base64("01020304")},md5=${base64("cd".repeat(16))}` }),
  ).toEqual([
    { kind: "crc32c", value: "01020304" },
    { kind: "md5", value: "cd".repeat(16) },
  ]);
  expect(offeredHashes({ "x-amz-checksum-sha256": base64(hex) })).toEqual([{ kind: "sha256", value: hex }]);
});

test("hashes of the wrong length, of the part alone, or etags that look like some, are not", () => {
  expect(
    offeredHashes({
      "repr-digest": "sha-256=:Zm9v:",
      "content-digest": `sha-256=:${base64(hex)}:`,
      etag: `"${hex}"`,
      "x-amz-checksum-sha256": `${base64(hex)}-3`,
    }),
  ).toEqual([]);
});
