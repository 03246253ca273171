import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ContentHashKind } from "../sources/fetcher.ts";
import { type Checksum, crc32c, crc64nvme } from "./crc.ts";

/** A hasher for the content of a file of `size` bytes. */
export function contentHasher(kind: ContentHashKind, size: number): Checksum {
  switch (kind) {
    case "sha256":
    case "sha1":
    case "md5":
      return nodeHash(kind);
    case "git-sha1": {
      // Git hashes the kind and the length of an object before its content.
      const hash = nodeHash("sha1");
      hash.update(Buffer.from(`blob ${size}\0`));
      return hash;
    }
    case "crc32c":
      return crc32c();
    case "crc64nvme":
      return crc64nvme();
    case "crc32": {
      let crc = 0;
      return {
        update: (bytes) => {
          crc = crc32(bytes, crc);
        },
        digest: () => crc.toString(16).padStart(8, "0"),
      };
    }
  }
}

function nodeHash(algorithm: string): Checksum {
  const hash = createHash(algorithm);
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.digest("hex"),
  };
}
