import type { Fault } from "../read/fault.ts";
import type { ReadJob, ReadResult } from "../read/job.ts";
import type { ContentHashKind } from "../sources/fetcher.ts";

/** What crosses between the transfer and its threads. */
export type ReaderRequest = { readonly type: "read"; readonly job: ReadJob } | { readonly type: "close" };

export type ReaderReply =
  | { readonly type: "progress"; readonly id: number; readonly written: number }
  /** `written` as in the progress that was not told yet; `null` when all was. */
  | {
      readonly type: "done";
      readonly id: number;
      readonly written: number | null;
      readonly result: ReadResult;
    }
  | {
      readonly type: "fault";
      readonly id: number;
      readonly written: number | null;
      readonly fault: Fault;
      readonly etag: string | null;
    };

export type HasherRequest =
  | {
      readonly type: "open";
      readonly id: number;
      readonly fd: number;
      readonly kind: ContentHashKind;
      readonly size: number;
    }
  | { readonly type: "advance"; readonly id: number; readonly offset: number }
  | { readonly type: "finish"; readonly id: number }
  | { readonly type: "abandon"; readonly id: number };

export type HasherReply =
  | { readonly type: "digest"; readonly id: number; readonly digest: string }
  | { readonly type: "abandoned"; readonly id: number }
  | { readonly type: "fault"; readonly id: number; readonly fault: Fault };

export type ThreadRole = "reader" | "hasher";
