import type { HashType } from "./pointer.ts";

const HEX_DIGITS = { sha256: 64, "git-sha1": 40, crc32c: 8 } as const;

/** What is wrong with a hash; `undefined` when nothing is. Whatever its type, it names a file in the shared cache. */
export function hashFault(type: HashType, hash: string): string | undefined {
  if (hash === "" || hash === "." || hash === ".." || /[/\0]/.test(hash)) return "is not a plain file name";
  // The real tool calls some hashes MD5 that are none.
  if (type === "etag" || type === "md5") return undefined;
  const digits = HEX_DIGITS[type];
  if (hash.length === digits && /^[0-9a-f]*$/.test(hash)) return undefined;
  return `is not ${digits} lower-case hex digits, as the hash type ${type} needs`;
}
