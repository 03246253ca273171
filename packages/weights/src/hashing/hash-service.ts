import type { ContentHashKind } from "../sources/fetcher.ts";

/** Hashes files that are still being written, always up to where their bytes are complete. */
export interface HashService {
  /** @param fd open for reading until {@link FileHashing.finish} or {@link FileHashing.abandon} has settled */
  open(file: { readonly fd: number; readonly kind: ContentHashKind; readonly size: number }): FileHashing;
  close(): Promise<void>;
}

export interface FileHashing {
  /** The bytes before `offset` are written and will not change. */
  advance(offset: number): void;
  /** Hashes what is left. @returns lower-case hex */
  finish(): Promise<string>;
  /** Stops; settles once the descriptor is no longer used. */
  abandon(): Promise<void>;
}
