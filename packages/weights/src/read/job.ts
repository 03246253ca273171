import type { ContentHashKind } from "../sources/fetcher.ts";

/** One request for bytes and where they go. Plain data: it crosses to worker threads. */
export interface ReadJob {
  readonly id: number;
  /** A descriptor of the part file, open for writing; bytes land at the offset they have in the remote file. */
  readonly fd: number;
  readonly url: string;
  /** Only for the URL's own host: a redirect is reported, never followed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly start: number;
  readonly end: number;
  /** Of the whole file: an answer that tells another size is a lie. */
  readonly size: number;
  /** Ask for the whole file without a range, for origins that know none; `start` is 0 and `end` is `size`. */
  readonly whole: boolean;
  /** Hash the bytes as they pass: only when the job covers the whole file. */
  readonly hash: ContentHashKind | null;
  /** Give up a connection that brings next to nothing for this long. */
  readonly stallMs: number;
}

export interface ReadResult {
  /** Hex, when the job asked for it. */
  readonly digest: string | null;
  readonly etag: string | null;
}

/** Called with the offset up to which bytes are written. */
export type OnProgress = (written: number) => void;

/** Reads ranges into files. */
export interface RangeReader {
  /** @throws ReadFault */
  read(job: ReadJob, onProgress: OnProgress): Promise<ReadResult>;
  /** Ends all connections; jobs in progress fail. */
  close(): Promise<void>;
}
