import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { ContentHashKind } from "../sources/fetcher.ts";
import type { HashService } from "./hash-service.ts";

export interface FileToHash {
  readonly path: string;
  readonly size: number;
  readonly kind: ContentHashKind;
}

/** The hash of a file that is complete, lower-case hex. Where its path is a link, there is no file. */
export async function hashFile({ path, size, kind }: FileToHash, hashes: HashService): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await hashes.open({ fd: handle.fd, kind, size }).finish();
  } finally {
    await handle.close();
  }
}
